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
plot [0:1][0:1] NaN with boxes fillstyle solid 0.9 noborder linecolor rgb '#0072b2' title 'n'
unset label 1
set origin 0,0
set size 1,0.9378
set margins -1,-1,-1,-1; unset key
unset title
unset logscale; unset colorbox
set border 3 linecolor rgb '#999999' linewidth 1
set grid noxtics ytics back linetype 1 linecolor rgb '#e6e6e6' linewidth 0.7
set xrange [-0.6:1.6] noreverse
unset xlabel
set format x '%g'
set xtics nomirror out scale 0,0 noenhanced textcolor rgb '#333333' norotate ('100%% right' 0, 'it''s' 1)
set yrange [0:*] noreverse
unset ylabel
set format y '%g'
set ytics nomirror out scale 0.5,0 noenhanced textcolor rgb '#333333' norotate autofreq
$data1 << END_OF_DATA
0 1
1 2
END_OF_DATA
$data2 << END_OF_DATA
0 1 0.5 2
1 2 1 3
END_OF_DATA
plot $data1 using 1:2:(0.7360000000000001) with boxes fillstyle solid 0.9 noborder linecolor rgb '#0072b2' notitle, \
     $data2 using 1:3:(0):($4-$3) with vectors heads size screen 0.003,90 linecolor rgb '#444444' linewidth 1.3 notitle
unset multiplot
unset output
