# Needs gnuplot 5.2 or later, with cairo.
set encoding utf8
set terminal pngcairo size 1440,900 noenhanced font 'sans-serif,9.5' fontscale 2 linewidth 2 pointscale 2 background '#ffffff'
set output 'figure.png'
set multiplot
set origin 0,0.8578
set size 1,0.1422
set margins 0,0,0,0
unset title; unset xlabel; unset ylabel; unset border; unset tics; unset grid; unset logscale; unset colorbox
set label 1 'Lines' at screen 0.5,0.96 center noenhanced font 'sans-serif:Bold,11.2' textcolor rgb '#333333'
set key at screen 0.5,0.8956 center horizontal Left reverse noenhanced samplen 3 width 2 spacing 1.1 textcolor rgb '#333333'
set samples 2
plot [0:1][0:1] NaN with linespoints linecolor rgb '#0072b2' linewidth 2 dashtype solid pointtype 7 pointsize 0.9 title 'a', NaN with linespoints linecolor rgb '#d55e00' linewidth 2 dashtype (14,5) pointtype 5 pointsize 0.9 title 'b'
unset label 1
set origin 0,0
set size 1,0.8578
set margins -1,-1,-1,-1; unset key
unset title
unset logscale; unset colorbox
set border 3 linecolor rgb '#999999' linewidth 1
set grid xtics ytics back linetype 1 linecolor rgb '#e6e6e6' linewidth 0.7
set logscale x 2
set xrange [0.5:*] noreverse
set xlabel 'x' noenhanced textcolor rgb '#333333'
set format x '%g'
set xtics nomirror out scale 0.5,0 noenhanced textcolor rgb '#333333' norotate autofreq
set yrange [*:*] noreverse
unset ylabel
set format y '%g'
set ytics nomirror out scale 0.5,0 noenhanced textcolor rgb '#333333' norotate autofreq
$data1 << END_OF_DATA
1 1
2 2
END_OF_DATA
$data2 << END_OF_DATA
0.5 3
1.5 0.125
END_OF_DATA
plot $data1 using 1:2 with linespoints linecolor rgb '#0072b2' linewidth 2 dashtype solid pointtype 7 pointsize 0.9 notitle, \
     $data2 using 1:2 with linespoints linecolor rgb '#d55e00' linewidth 2 dashtype (14,5) pointtype 5 pointsize 0.9 notitle
unset multiplot
unset output
