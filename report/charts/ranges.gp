# ranges: bars from lowest to highest in two groups. clean, bad: row, min, max.
set xrange [0:XMAX]
set yrange [N - 0.4:-0.6]
unset ytics
set xtics () font F10 offset 0, 0.3
do for [i = 0:int((XMAX - XMIN) / XSTEP + 0.5)] { set xtics add (tick(XMIN + i * XSTEP, XSTEP, XFORMAT, XFACTOR) XMIN + i * XSTEP) }
set grid xtics linetype 1 linecolor rgb GRID linewidth 0.8
do for [i = 1:N] { set label 100 + i NAME[i] at screen px(LM - 10), first i - 1 right textcolor rgb INK font F11 }
do for [i = 1:N_clean] { set label 300 + i CLEAN[i] at screen px(W - RM + 10), first CY[i] left textcolor rgb INK font F10 }
do for [i = 1:N_bad] { set label 1000 + i BAD[i] at screen px(W - RM + 10), first BY[i] left textcolor rgb ERROR font F10 }
do for [i = 1:N_head] { set label 2000 + i HEAD[i] at screen px(16), first HY[i] left textcolor rgb (HC[i] > 0 ? ERROR : BLUETEXT) font F11 }
B = 0.26
# lowest and highest the same: a bar two px wide
half(lo, hi) = hi - lo > 2.0 * XMAX / (W - LM - RM) ? 0.5 * (hi - lo) : XMAX / (W - LM - RM)
plot for [k = 1:N_clean > 0] $clean using (0.5 * ($2 + $3)):1:(half($2, $3)):(B) with boxxyerror fillstyle solid noborder fillcolor rgb BLUE, \
     for [k = 1:N_bad > 0] $bad using (0.5 * ($2 + $3)):1:(half($2, $3)):(B) with boxxyerror fillstyle solid border linecolor rgb VERMILION linewidth 1.2 fillcolor rgb '#f9e0cf'
