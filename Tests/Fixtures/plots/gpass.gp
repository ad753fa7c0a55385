# Needs gnuplot 5.2 or later, with cairo.
set encoding utf8
set terminal pngcairo size 1440,900 noenhanced font 'sans-serif,9.5' fontscale 2 linewidth 2 pointscale 2 background '#ffffff'
set output 'figure.png'
set multiplot
set origin 0,0.9378
set size 1,0.0622
set margins 0,0,0,0
unset title; unset xlabel; unset ylabel; unset border; unset tics; unset grid; unset logscale; unset colorbox
set key at screen 0.5,0.9756 center horizontal Left reverse noenhanced samplen 3 width 2 spacing 1.1 textcolor rgb '#333333'
set samples 2
plot [0:1][0:1] NaN with linespoints linecolor rgb '#444444' linewidth 2 dashtype (5,4) pointtype 6 pointsize 0.9 title 'base'
unset label 1
set origin 0,0
set size 1,0.9378
set margins -1,-1,-1,-1; unset key
unset title
unset logscale; unset colorbox
set border 3 linecolor rgb '#999999' linewidth 1
set grid xtics ytics back linetype 1 linecolor rgb '#e6e6e6' linewidth 0.7
set xrange [0.7:2.3] noreverse
set xlabel 'correct answers required, τ·k' noenhanced textcolor rgb '#333333'
set format x '%g'
set xtics nomirror out scale 0.5,0 noenhanced textcolor rgb '#333333' norotate (1, 2)
set yrange [0:*] noreverse
set ylabel 'G-Pass@2' noenhanced textcolor rgb '#333333'
set format y '%g'
set ytics nomirror out scale 0.5,0 noenhanced textcolor rgb '#333333' norotate autofreq
$data1 << END_OF_DATA
1 0.4 0.6
2 NaN NaN
END_OF_DATA
$data2 << END_OF_DATA
1 0.5
2 0.25
END_OF_DATA
plot $data1 using 1:2:3 with filledcurves fillstyle transparent solid 0.15 noborder linecolor rgb '#444444' notitle, \
     $data2 using 1:2 with linespoints linecolor rgb '#444444' linewidth 2 dashtype (5,4) pointtype 6 pointsize 0.9 notitle
unset multiplot
unset output
