# Needs gnuplot 5.2 or later, with cairo.
set encoding utf8
set terminal pngcairo size 1440,900 noenhanced font 'sans-serif,9.5' fontscale 2 linewidth 2 pointscale 2 background '#ffffff'
set output 'figure.png'
set multiplot
set origin 0,0
set size 1,1
set margins -1,-1,-1,-1; unset key
unset title
unset logscale; unset colorbox
unset border; unset grid
set palette defined (0 '#440154', 1 '#472d7b', 2 '#3b528b', 3 '#2c728e', 4 '#21918c', 5 '#28ae80', 6 '#5ec962', 7 '#addc30', 8 '#fde725')
set colorbox noborder; set cbtics scale 0 textcolor rgb '#333333'; unset cblabel
set xrange [-0.5:1.5] noreverse
unset xlabel
set format x '%g'
set xtics nomirror out scale 0.5,0 noenhanced textcolor rgb '#333333' norotate ('p' 0, 'q' 1)
set yrange [1.5:-0.5] noreverse
unset ylabel
set format y '%g'
set ytics nomirror out scale 0.5,0 noenhanced textcolor rgb '#333333' norotate (0, 1)
$data1 << END_OF_DATA
1 2
3 NaN
END_OF_DATA
plot $data1 matrix with image pixels notitle
unset multiplot
unset output
