# windows: small multiples on one scale. w1 to w8: begin in s, requests, end in s; e1 to e8: middle
# of windows with errors; LO, HI: lowest and highest of each.
set multiplot
set xrange [0:XMAX]
set yrange [0:YMAX]
set ytics () font F10
do for [i = 0:int(YMAX / YSTEP + 0.5)] { set ytics add (tick(i * YSTEP, YSTEP, YFORMAT, YFACTOR) i * YSTEP) }
set grid ytics linetype 1 linecolor rgb GRID linewidth 0.8
do for [s = 1:NS] {
    set tmargin at screen py(TM + (s - 1) * PH + 20)
    set bmargin at screen py(TM + s * PH - 8)
    if (s == NS) { set xtics 0, XSTEP, XMAX font F10 offset 0, 0.3; set format x '%g s' } else { set xtics 0, XSTEP, XMAX; set format x '' }
    if (s > 1) { unset label 1; unset label 2; unset label 3 }
    set label 10 NAME[s] at screen px(LM), screen py(TM + (s - 1) * PH + 10) left textcolor rgb INK font F11
    set label 11 RANGE[s] at screen px(W - RM), screen py(TM + (s - 1) * PH + 10) right textcolor rgb SECOND font F10
    set object 1 rectangle from 0, LO[s] to XMAX, HI[s] behind fillstyle solid noborder fillcolor rgb '#e0eef6'
    plot sprintf('$w%d', s) using 1:2:($3 - $1):(0) with vectors nohead linecolor rgb BLUE linewidth 1.8, \
         sprintf('$w%d', s) using 1:2 with steps linecolor rgb BLUE linewidth 1.8, \
         for [k = 1:EN[s] > 0] sprintf('$e%d', s) using 1:(0):(0):(0.14 * YMAX) with vectors nohead linecolor rgb VERMILION linewidth 2.2
}
unset multiplot
