# latency: percentiles, 1 / (1 - p) against ms, both logarithmic. l1 to l6: x, ms; EX, EY: where
# each line ends, LY: where its name stands.
set logscale x 10
set logscale y 10
set xrange [1:XMAX]
set yrange [YMIN:YMAX]
set xtics () font F10 offset 0, 0.3
set ytics () font F10
do for [i = 1:N_xtick] { set xtics add (XT[i] 10 ** (i - 1)) }
set xtics add ('50 %%' 2)
do for [i = 1:N_ytick] { set ytics add (YT[i] YV[i]) }
set grid xtics ytics linetype 1 linecolor rgb GRID linewidth 0.8
array COLOR[6] = [0x0072b2, 0xd55e00, 0x009e73, 0xe69f00, 0x56b4e9, 0xcc79a7]
do for [s = 1:NS] { set label 100 + s NAME[s] at screen px(W - RM + 10), screen py(LY[s]) left textcolor rgb INK font F10 }
do for [s = 1:NS] { set arrow s from first EX[s], first EY[s] to screen px(W - RM + 7), screen py(LY[s]) nohead linecolor rgb PALE linewidth 0.8 }
plot for [k = 1:NS > 0] $l1 using 1:2 with lines linecolor rgb COLOR[1] linewidth 2 dashtype 1, \
     for [k = 1:NS > 1] $l2 using 1:2 with lines linecolor rgb COLOR[2] linewidth 2 dashtype (8, 4), \
     for [k = 1:NS > 2] $l3 using 1:2 with lines linecolor rgb COLOR[3] linewidth 2 dashtype (12, 4, 3, 4), \
     for [k = 1:NS > 3] $l4 using 1:2 with lines linecolor rgb COLOR[4] linewidth 2 dashtype (3, 3), \
     for [k = 1:NS > 4] $l5 using 1:2 with lines linecolor rgb COLOR[5] linewidth 2 dashtype (16, 4), \
     for [k = 1:NS > 5] $l6 using 1:2 with lines linecolor rgb COLOR[6] linewidth 2 dashtype (6, 3, 2, 3)
