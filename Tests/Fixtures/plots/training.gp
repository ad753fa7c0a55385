# Needs gnuplot 5.2 or later, with cairo.
set encoding utf8
set terminal pngcairo size 1840,800 noenhanced font 'sans-serif,9.5' fontscale 2 linewidth 2 pointscale 2 background '#ffffff'
set output 'figure.png'
set multiplot
set origin 0,0.84
set size 1,0.16
set margins 0,0,0,0
unset title; unset xlabel; unset ylabel; unset border; unset tics; unset grid; unset logscale; unset colorbox
set label 1 'Run' at screen 0.5,0.955 center noenhanced font 'sans-serif:Bold,11.2' textcolor rgb '#333333'
set key at screen 0.5,0.8825 center horizontal Left reverse noenhanced samplen 3 width 2 spacing 1.1 textcolor rgb '#333333'
set samples 2
plot [0:1][0:1] NaN with linespoints linecolor rgb '#0072b2' linewidth 2.4 dashtype solid pointtype 7 pointsize 0.9 title 'bridge'
unset label 1
set origin 0,0
set size 0.5,0.84
set margins -1,-1,-1,-1; unset key
unset title
unset logscale; unset colorbox
set border 3 linecolor rgb '#999999' linewidth 1
set grid xtics ytics back linetype 1 linecolor rgb '#e6e6e6' linewidth 0.7
set xrange [*:*] noreverse
set xlabel 'step' noenhanced textcolor rgb '#333333'
set format x '%g'
set xtics nomirror out scale 0.5,0 noenhanced textcolor rgb '#333333' norotate autofreq
set yrange [*:*] noreverse
set ylabel 'reward' noenhanced textcolor rgb '#333333'
set format y '%g'
set ytics nomirror out scale 0.5,0 noenhanced textcolor rgb '#333333' norotate autofreq
$data1 << END_OF_DATA
1 0.25
2 0.5
3 0.375
END_OF_DATA
$data2 << END_OF_DATA
1 0.25
2 0.375
3 0.4375
END_OF_DATA
plot $data1 using 1:2 with lines linecolor rgb '#a6cee4' linewidth 1 dashtype solid notitle, \
     $data2 using 1:2 with linespoints linecolor rgb '#0072b2' linewidth 2.4 dashtype solid pointtype 7 pointsize 0.9 notitle
set origin 0.5,0
set size 0.5,0.84
set margins -1,-1,-1,-1; unset key
unset title
unset logscale; unset colorbox
set border 3 linecolor rgb '#999999' linewidth 1
set grid xtics ytics back linetype 1 linecolor rgb '#e6e6e6' linewidth 0.7
set xrange [*:*] noreverse
set xlabel 'step' noenhanced textcolor rgb '#333333'
set format x '%g'
set xtics nomirror out scale 0.5,0 noenhanced textcolor rgb '#333333' norotate autofreq
set yrange [*:*] noreverse
set ylabel 'kl' noenhanced textcolor rgb '#333333'
set format y '%g'
set ytics nomirror out scale 0.5,0 noenhanced textcolor rgb '#333333' norotate autofreq
$data3 << END_OF_DATA
1 0
2 0.5
3 NaN
END_OF_DATA
$data4 << END_OF_DATA
1 0
2 0.25
3 0.5
END_OF_DATA
plot $data3 using 1:2 with lines linecolor rgb '#a6cee4' linewidth 1 dashtype solid notitle, \
     $data4 using 1:2 with linespoints linecolor rgb '#0072b2' linewidth 2.4 dashtype solid pointtype 7 pointsize 0.9 notitle
unset multiplot
unset output
