# matrix: a heat map with the figure in each cell. cells: column, row, value; bad: column, row with
# errors; none: column, row of what does not exist.
set xrange [-0.5:NC - 0.5]
set yrange [NR - 0.5:-0.5]
unset xtics
unset ytics
set cbrange [0:VMAX]
set palette defined (0 '#f2f7fb', 0.25 '#bcd9ea', 0.5 '#6fb1d3', 0.75 '#2a7fb0', 1 '#0b4a75')
unset colorbox
GX = 0.5 - 2.0 * NC / (W - LM - RM)
GY = 0.5 - 2.0 * NR / (H - TM - BM)
# white on the darkest quarter, black elsewhere: the better contrast of the two, 4.5:1 at least
contrast(v) = v > 0.77 * VMAX ? 0xffffff : 0x000000
do for [i = 1:NR] { set label 100 + i ROW[i] at screen px(LM - 10), first i - 1 right textcolor rgb INK font F11 }
do for [i = 1:NC] { set label 200 + i COL[i] at first i - 1, screen py(TM - 12) center textcolor rgb INK font F11 }
do for [i = 1:N_cells] { set label 300 + i CELL[i] at first CX[i], first CY[i] center textcolor rgb contrast(CV[i]) font F11 front }
do for [i = 1:N_bad] { set label 1000 + i 'errors' at first BX[i], first BY[i] center textcolor rgb ERROR font F11 front }
do for [i = 1:N_none] { set label 2000 + i '–' at first NX[i], first NY[i] center textcolor rgb SECOND font F11 front }
# the scale, in twelve steps
SW = 200.0 / 12
do for [i = 1:12] { set object i rectangle from screen px(LM + (i - 1) * SW), screen py(H - 52) to screen px(LM + i * SW), screen py(H - 42) fillstyle solid noborder fillcolor palette frac (i - 0.5) / 12 }
do for [i = 1:3] { set label 10 + i TICK[i] at screen px(LM + (i - 1) * 100), screen py(H - 32) center textcolor rgb SECOND font F10 }
plot for [k = 1:N_cells > 0] $cells using 1:2:(GX):(GY):3 with boxxyerror fillstyle solid noborder fillcolor palette, \
     for [k = 1:N_none > 0] $none using 1:2:(GX):(GY) with boxxyerror fillstyle solid noborder fillcolor rgb '#f6f8fa', \
     for [k = 1:N_bad > 0] $bad using 1:2:(GX):(GY) with boxxyerror fillstyle solid border linecolor rgb VERMILION linewidth 1 fillcolor rgb '#ffffff'
