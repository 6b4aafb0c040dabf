# runs: every run a dot. runs: row with its lane, value; best: the same of the best run; box: row,
# first and third quartile of rows with many runs; sum: row, median, min, max.
set xrange [XMIN:XMAX]
set yrange [N - 0.4:-0.6]
unset ytics
set xtics () font F10 offset 0, 0.3
do for [i = 0:int((XMAX - XMIN) / XSTEP + 0.5)] { set xtics add (tick(XMIN + i * XSTEP, XSTEP, XFORMAT, XFACTOR) XMIN + i * XSTEP) }
set grid xtics linetype 1 linecolor rgb GRID linewidth 0.8
do for [i = 1:N] { set label 100 + i NAME[i] at screen px(LM - 10), first i - 1 right textcolor rgb INK font F11 }
do for [i = 1:N_sum] { set label 300 + i FIGURE[i] at screen px(W - RM + 10), first SY[i] left textcolor rgb INK font F10 }
plot for [k = 1:N_sum > 0] $sum using 3:1:($4 - $3):(0) with vectors nohead linecolor rgb PALE linewidth 5, \
     for [k = 1:N_box > 0] $box using (0.5 * ($2 + $3)):1:(0.5 * ($3 - $2)):(0.26) with boxxyerror fillstyle solid border linecolor rgb BLUE linewidth 1 fillcolor rgb '#e0eef6', \
     for [k = 1:N_runs > 0] $runs using 2:1 with points pointtype 6 pointsize 0.75 linewidth 1.1 linecolor rgb BLUE, \
     for [k = 1:N_best > 0] $best using 2:1 with points pointtype 7 pointsize 0.85 linecolor rgb BLUE, \
     for [k = 1:N_sum > 0] $sum using 2:($1 - 0.34):(0):(0.68) with vectors nohead linecolor rgb INK linewidth 1.6
