# ranking: a dot on a stem from zero. ok: row, value; bad: row with errors.
set xrange [0:XMAX]
set yrange [N - 0.4:-0.6]
unset ytics
set xtics () font F10 offset 0, 0.3
do for [i = 0:int((XMAX - XMIN) / XSTEP + 0.5)] { set xtics add (tick(XMIN + i * XSTEP, XSTEP, XFORMAT, XFACTOR) XMIN + i * XSTEP) }
set grid xtics linetype 1 linecolor rgb GRID linewidth 0.8
do for [i = 1:N] { set label 100 + i NAME[i] at screen px(LM - 10), first i - 1 right textcolor rgb INK font F11 }
do for [i = 1:N_ok] { set label 300 + i FIGURE[i] at first VX[i], first VY[i] left offset 0.9, 0 textcolor rgb INK font F10 }
do for [i = 1:N_bad] { set label 1000 + i 'errors' at first 0, first BY[i] left offset 0.9, 0 textcolor rgb ERROR font F10 }
plot for [k = 1:N_ok > 0] $ok using (0):1:2:(0) with vectors nohead linecolor rgb PALE linewidth 1.2, \
     for [k = 1:N_ok > 0] $ok using 2:1 with points pointtype 7 pointsize 0.85 linecolor rgb BLUE, \
     for [k = 1:N_bad > 0] $bad using (0):1 with points pointtype 2 pointsize 0.8 linewidth 1.6 linecolor rgb VERMILION
