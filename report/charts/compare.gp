# compare: a forest plot. better, beyond (better than the axis shows), worse, same: row, change, low, high in percent, cut to the axis.
set xrange [-XMAX:XMAX]
set yrange [N - 0.4:-0.6]
unset ytics
set xtics -XMAX, XSTEP, XMAX font F10 offset 0, 0.3
set format x '%+g %%'
set xtics add ('0' 0)
set grid xtics linetype 1 linecolor rgb GRID linewidth 0.8
set arrow 1 from 0, graph 0 to 0, graph 1 nohead linecolor rgb AXIS linewidth 1.2 back
set label 11 SIDE[1] at first -XMAX, screen py(H - 32) left textcolor rgb SECOND font F10
set label 12 SIDE[2] at first XMAX, screen py(H - 32) right textcolor rgb SECOND font F10
do for [i = 1:N] { set label 100 + i NAME[i] at screen px(LM - 10), first i - 1 right textcolor rgb INK font F11 }
do for [i = 1:N] { set label 300 + i FIGURE[i] at screen px(W - RM + 10), first i - 1 left textcolor rgb (KIND[i] > 0 ? BLUETEXT : KIND[i] < 0 ? ERROR : SECOND) font F10 }
plot for [k = 1:N_same > 0] $same using 3:1:($4 - $3):(0) with vectors nohead linecolor rgb AXIS linewidth 1.6, \
     for [k = 1:N_better > 0] $better using 3:1:($4 - $3):(0) with vectors nohead linecolor rgb BLUE linewidth 1.8, \
     for [k = 1:N_worse > 0] $worse using 3:1:($4 - $3):(0) with vectors nohead linecolor rgb VERMILION linewidth 1.8, \
     for [k = 1:N_same > 0] $same using 2:1 with points pointtype 6 pointsize 0.9 linewidth 1.4 linecolor rgb AXIS, \
     for [k = 1:N_better > 0] $better using 2:1 with points pointtype 7 pointsize 0.95 linecolor rgb BLUE, \
     for [k = 1:N_beyond > 0] $beyond using 2:1 with points pointtype 6 pointsize 0.95 linewidth 1.6 linecolor rgb BLUE, \
     for [k = 1:N_worse > 0] $worse using 2:1 with points pointtype 5 pointsize 0.85 linecolor rgb VERMILION
