# The look that all charts share. Set before: the terminal, W and H (canvas in px), LM RM TM BM
# (margins in px), T[1..3] (title, subtitle, foot note), F14 F11 F10 F9 (fonts).
set encoding utf8
set decimalsign '.'
set minussign
INK = '#1f2328'; SECOND = '#59636e'; AXIS = '#8c959f'; GRID = '#e4e7eb'; PALE = '#c9d7e3'
BLUE = '#0072b2'; VERMILION = '#d55e00'; GREEN = '#009e73'; ORANGE = '#e69f00'; SKY = '#56b4e9'; PURPLE = '#cc79a7'
ERROR = '#b04a00'; BLUETEXT = '#005a8c'
set border 0
set bars 0
set key off
set tics scale 0 nomirror textcolor rgb SECOND
px(x) = x / (1.0 * W)
py(y) = 1 - y / (1.0 * H)
tick(v, step, format, factor) = abs(v) < 1e-9 * step ? '0' : sprintf(format, 1.0 * v / factor)
set lmargin at screen px(LM)
set rmargin at screen px(W - RM)
set tmargin at screen py(TM)
set bmargin at screen py(H - BM)
set label 1 T[1] at screen px(16), screen py(20) left textcolor rgb INK font F14
set label 2 T[2] at screen px(16), screen py(40) left textcolor rgb SECOND font F11
set label 3 T[3] at screen px(16), screen py(H - 12) left textcolor rgb SECOND font F9
