# bars: grouped bars from zero with whiskers. s1 to s4: group, value, low, high.
set xrange [-0.5:NG - 0.5]
set yrange [0:YMAX]
unset xtics
set ytics () font F10
do for [i = 0:int(YMAX / YSTEP + 0.5)] { set ytics add (tick(i * YSTEP, YSTEP, YFORMAT, YFACTOR) i * YSTEP) }
set grid ytics linetype 1 linecolor rgb GRID linewidth 0.8
array COLOR[4] = [0x0072b2, 0xe69f00, 0x009e73, 0xcc79a7]
# a bar is 64 px wide at most
BW = 0.8 / NS
WIDEST = 64.0 * NG / (W - LM - RM)
if (BW > WIDEST) { BW = WIDEST }
at(s) = (s - 0.5 - 0.5 * NS) * BW
do for [i = 1:NG] { set label 100 + i GROUP[i] at first i - 1, screen py(H - BM + 14) center textcolor rgb INK font F11 }
do for [s = 1:NS] { set object s rectangle center screen px(LX[s] + 5), screen py(62) size screen 10.0 / W, screen 10.0 / H fillstyle solid noborder fillcolor rgb COLOR[s] }
do for [s = 1:NS] { set label 200 + s SERIES[s] at screen px(LX[s] + 16), screen py(62) left textcolor rgb INK font F10 }
plot for [s = 1:NS] sprintf('$s%d', s) using ($1 + at(s)):(0.5 * $2):(0.45 * BW):(0.5 * $2) with boxxyerror fillstyle solid noborder fillcolor rgb COLOR[s], \
     for [s = 1:NS] sprintf('$s%d', s) using ($1 + at(s)):3:(0):($4 - $3) with vectors nohead linecolor rgb INK linewidth 1.1, \
     for [s = 1:NS] sprintf('$s%d', s) using ($1 + at(s) - 0.16 * BW):3:(0.32 * BW):(0) with vectors nohead linecolor rgb INK linewidth 1.1, \
     for [s = 1:NS] sprintf('$s%d', s) using ($1 + at(s) - 0.16 * BW):4:(0.32 * BW):(0) with vectors nohead linecolor rgb INK linewidth 1.1
