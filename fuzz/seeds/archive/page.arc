filedesc://a.arc 0.0.0.0 20310312053000 text/plain 20
1 0 Tesmin
URL etc



http://tesmin.example/ 192.0.2.7 20310312053000 text/html 28
HTTP/1.1 200 OK

<p>Three
