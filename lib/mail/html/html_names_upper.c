#include "mail/html/html_names_upper.h"

/* clang-format off */
const char *const html_names_upper['Z' + 1] = {
['A'] =
" Elig:c6 MP:26 acute:c1 breve:102 circ:c2 cy:410 fr:1d504 grave:c0 lpha:391"
" macr:100 nd:2a53 ogon:104 opf:1d538 pplyFunction:2061 ring:c5 scr:1d49c"
" ssign:2254 tilde:c3 uml:c4 ",
['B'] =
" ackslash:2216 arv:2ae7 arwed:2306 cy:411 ecause:2235 ernoullis:212c eta:392"
" fr:1d505 opf:1d539 reve:2d8 scr:212c umpeq:224e ",
['C'] =
" Hcy:427 OPY:a9 acute:106 ap:22d2 apitalDifferentialD:2145 ayleys:212d"
" caron:10c cedil:c7 circ:108 conint:2230 dot:10a edilla:b8 enterDot:b7"
" fr:212d hi:3a7 ircleDot:2299 ircleMinus:2296 irclePlus:2295 ircleTimes:2297"
" lockwiseContourIntegral:2232 loseCurlyDoubleQuote:201d loseCurlyQuote:2019"
" olon:2237 olone:2a74 ongruent:2261 onint:222f ontourIntegral:222e opf:2102"
" oproduct:2210 ounterClockwiseContourIntegral:2233 ross:2a2f scr:1d49e"
" up:22d3 upCap:224d ",
['D'] =
" D:2145 Dotrahd:2911 Jcy:402 Scy:405 Zcy:40f agger:2021 arr:21a1 ashv:2ae4"
" caron:10e cy:414 el:2207 elta:394 fr:1d507 iacriticalAcute:b4"
" iacriticalDot:2d9 iacriticalDoubleAcute:2dd iacriticalGrave:60"
" iacriticalTilde:2dc iamond:22c4 ifferentialD:2146 opf:1d53b ot:a8"
" otDot:20dc otEqual:2250 oubleContourIntegral:222f oubleDot:a8"
" oubleDownArrow:21d3 oubleLeftArrow:21d0 oubleLeftRightArrow:21d4"
" oubleLeftTee:2ae4 oubleLongLeftArrow:27f8 oubleLongLeftRightArrow:27fa"
" oubleLongRightArrow:27f9 oubleRightArrow:21d2 oubleRightTee:22a8"
" oubleUpArrow:21d1 oubleUpDownArrow:21d5 oubleVerticalBar:2225 ownArrow:2193"
" ownArrowBar:2913 ownArrowUpArrow:21f5 ownBreve:311 ownLeftRightVector:2950"
" ownLeftTeeVector:295e ownLeftVector:21bd ownLeftVectorBar:2956"
" ownRightTeeVector:295f ownRightVector:21c1 ownRightVectorBar:2957"
" ownTee:22a4 ownTeeArrow:21a7 ownarrow:21d3 scr:1d49f strok:110 ",
['E'] =
" NG:14a TH:d0 acute:c9 caron:11a circ:ca cy:42d dot:116 fr:1d508 grave:c8"
" lement:2208 macr:112 mptySmallSquare:25fb mptyVerySmallSquare:25ab ogon:118"
" opf:1d53c psilon:395 qual:2a75 qualTilde:2242 quilibrium:21cc scr:2130"
" sim:2a73 ta:397 uml:cb xists:2203 xponentialE:2147 ",
['F'] =
" cy:424 fr:1d509 illedSmallSquare:25fc illedVerySmallSquare:25aa opf:1d53d"
" orAll:2200 ouriertrf:2131 scr:2131 ",
['G'] =
" Jcy:403 T:3e amma:393 ammad:3dc breve:11e cedil:122 circ:11c cy:413 dot:120"
" fr:1d50a g:22d9 opf:1d53e reaterEqual:2265 reaterEqualLess:22db"
" reaterFullEqual:2267 reaterGreater:2aa2 reaterLess:2277"
" reaterSlantEqual:2a7e reaterTilde:2273 scr:1d4a2 t:226b ",
['H'] =
" ARDcy:42a acek:2c7 at:5e circ:124 fr:210c ilbertSpace:210b opf:210d"
" orizontalLine:2500 scr:210b strok:126 umpDownHump:224e umpEqual:224f ",
['I'] =
" Ecy:415 Jlig:132 Ocy:401 acute:cd circ:ce cy:418 dot:130 fr:2111 grave:cc"
" m:2111 macr:12a maginaryI:2148 mplies:21d2 nt:222c ntegral:222b"
" ntersection:22c2 nvisibleComma:2063 nvisibleTimes:2062 ogon:12e opf:1d540"
" ota:399 scr:2110 tilde:128 ukcy:406 uml:cf ",
['J'] =
" circ:134 cy:419 fr:1d50d opf:1d541 scr:1d4a5 sercy:408 ukcy:404 ",
['K'] =
" Hcy:425 Jcy:40c appa:39a cedil:136 cy:41a fr:1d50e opf:1d542 scr:1d4a6 ",
['L'] =
" Jcy:409 T:3c acute:139 ambda:39b ang:27ea aplacetrf:2112 arr:219e caron:13d"
" cedil:13b cy:41b eftAngleBracket:27e8 eftArrow:2190 eftArrowBar:21e4"
" eftArrowRightArrow:21c6 eftCeiling:2308 eftDoubleBracket:27e6"
" eftDownTeeVector:2961 eftDownVector:21c3 eftDownVectorBar:2959"
" eftFloor:230a eftRightArrow:2194 eftRightVector:294e eftTee:22a3"
" eftTeeArrow:21a4 eftTeeVector:295a eftTriangle:22b2 eftTriangleBar:29cf"
" eftTriangleEqual:22b4 eftUpDownVector:2951 eftUpTeeVector:2960"
" eftUpVector:21bf eftUpVectorBar:2958 eftVector:21bc eftVectorBar:2952"
" eftarrow:21d0 eftrightarrow:21d4 essEqualGreater:22da essFullEqual:2266"
" essGreater:2276 essLess:2aa1 essSlantEqual:2a7d essTilde:2272 fr:1d50f"
" l:22d8 leftarrow:21da midot:13f ongLeftArrow:27f5 ongLeftRightArrow:27f7"
" ongRightArrow:27f6 ongleftarrow:27f8 ongleftrightarrow:27fa"
" ongrightarrow:27f9 opf:1d543 owerLeftArrow:2199 owerRightArrow:2198"
" scr:2112 sh:21b0 strok:141 t:226a ",
['M'] =
" ap:2905 cy:41c ediumSpace:205f ellintrf:2133 fr:1d510 inusPlus:2213"
" opf:1d544 scr:2133 u:39c ",
['N'] =
" Jcy:40a acute:143 caron:147 cedil:145 cy:41d egativeMediumSpace:200b"
" egativeThickSpace:200b egativeThinSpace:200b egativeVeryThinSpace:200b"
" estedGreaterGreater:226b estedLessLess:226a ewLine:a fr:1d511 oBreak:2060"
" onBreakingSpace:a0 opf:2115 ot:2aec otCongruent:2262 otCupCap:226d"
" otDoubleVerticalBar:2226 otElement:2209 otEqual:2260 otEqualTilde:2242+338"
" otExists:2204 otGreater:226f otGreaterEqual:2271"
" otGreaterFullEqual:2267+338 otGreaterGreater:226b+338 otGreaterLess:2279"
" otGreaterSlantEqual:2a7e+338 otGreaterTilde:2275 otHumpDownHump:224e+338"
" otHumpEqual:224f+338 otLeftTriangle:22ea otLeftTriangleBar:29cf+338"
" otLeftTriangleEqual:22ec otLess:226e otLessEqual:2270 otLessGreater:2278"
" otLessLess:226a+338 otLessSlantEqual:2a7d+338 otLessTilde:2274"
" otNestedGreaterGreater:2aa2+338 otNestedLessLess:2aa1+338 otPrecedes:2280"
" otPrecedesEqual:2aaf+338 otPrecedesSlantEqual:22e0 otReverseElement:220c"
" otRightTriangle:22eb otRightTriangleBar:29d0+338 otRightTriangleEqual:22ed"
" otSquareSubset:228f+338 otSquareSubsetEqual:22e2 otSquareSuperset:2290+338"
" otSquareSupersetEqual:22e3 otSubset:2282+20d2 otSubsetEqual:2288"
" otSucceeds:2281 otSucceedsEqual:2ab0+338 otSucceedsSlantEqual:22e1"
" otSucceedsTilde:227f+338 otSuperset:2283+20d2 otSupersetEqual:2289"
" otTilde:2241 otTildeEqual:2244 otTildeFullEqual:2247 otTildeTilde:2249"
" otVerticalBar:2224 scr:1d4a9 tilde:d1 u:39d ",
['O'] =
" Elig:152 acute:d3 circ:d4 cy:41e dblac:150 fr:1d512 grave:d2 macr:14c"
" mega:3a9 micron:39f opf:1d546 penCurlyDoubleQuote:201c penCurlyQuote:2018"
" r:2a54 scr:1d4aa slash:d8 tilde:d5 times:2a37 uml:d6 verBar:203e"
" verBrace:23de verBracket:23b4 verParenthesis:23dc ",
['P'] =
" artialD:2202 cy:41f fr:1d513 hi:3a6 i:3a0 lusMinus:b1 oincareplane:210c"
" opf:2119 r:2abb recedes:227a recedesEqual:2aaf recedesSlantEqual:227c"
" recedesTilde:227e rime:2033 roduct:220f roportion:2237 roportional:221d"
" scr:1d4ab si:3a8 ",
['Q'] =
" UOT:22 fr:1d514 opf:211a scr:1d4ac ",
['R'] =
" Barr:2910 EG:ae acute:154 ang:27eb arr:21a0 arrtl:2916 caron:158 cedil:156"
" cy:420 e:211c everseElement:220b everseEquilibrium:21cb"
" everseUpEquilibrium:296f fr:211c ho:3a1 ightAngleBracket:27e9"
" ightArrow:2192 ightArrowBar:21e5 ightArrowLeftArrow:21c4 ightCeiling:2309"
" ightDoubleBracket:27e7 ightDownTeeVector:295d ightDownVector:21c2"
" ightDownVectorBar:2955 ightFloor:230b ightTee:22a2 ightTeeArrow:21a6"
" ightTeeVector:295b ightTriangle:22b3 ightTriangleBar:29d0"
" ightTriangleEqual:22b5 ightUpDownVector:294f ightUpTeeVector:295c"
" ightUpVector:21be ightUpVectorBar:2954 ightVector:21c0 ightVectorBar:2953"
" ightarrow:21d2 opf:211d oundImplies:2970 rightarrow:21db scr:211b sh:21b1"
" uleDelayed:29f4 ",
['S'] =
" HCHcy:429 Hcy:428 OFTcy:42c acute:15a c:2abc caron:160 cedil:15e circ:15c"
" cy:421 fr:1d516 hortDownArrow:2193 hortLeftArrow:2190 hortRightArrow:2192"
" hortUpArrow:2191 igma:3a3 mallCircle:2218 opf:1d54a qrt:221a quare:25a1"
" quareIntersection:2293 quareSubset:228f quareSubsetEqual:2291"
" quareSuperset:2290 quareSupersetEqual:2292 quareUnion:2294 scr:1d4ae"
" tar:22c6 ub:22d0 ubset:22d0 ubsetEqual:2286 ucceeds:227b ucceedsEqual:2ab0"
" ucceedsSlantEqual:227d ucceedsTilde:227f uchThat:220b um:2211 up:22d1"
" uperset:2283 upersetEqual:2287 upset:22d1 ",
['T'] =
" HORN:de RADE:2122 SHcy:40b Scy:426 ab:9 au:3a4 caron:164 cedil:162 cy:422"
" fr:1d517 herefore:2234 heta:398 hickSpace:205f+200a hinSpace:2009 ilde:223c"
" ildeEqual:2243 ildeFullEqual:2245 ildeTilde:2248 opf:1d54b ripleDot:20db"
" scr:1d4af strok:166 ",
['U'] =
" acute:da arr:219f arrocir:2949 brcy:40e breve:16c circ:db cy:423 dblac:170"
" fr:1d518 grave:d9 macr:16a nderBar:5f nderBrace:23df nderBracket:23b5"
" nderParenthesis:23dd nion:22c3 nionPlus:228e ogon:172 opf:1d54c pArrow:2191"
" pArrowBar:2912 pArrowDownArrow:21c5 pDownArrow:2195 pEquilibrium:296e"
" pTee:22a5 pTeeArrow:21a5 parrow:21d1 pdownarrow:21d5 pperLeftArrow:2196"
" pperRightArrow:2197 psi:3d2 psilon:3a5 ring:16e scr:1d4b0 tilde:168 uml:dc ",
['V'] =
" Dash:22ab bar:2aeb cy:412 dash:22a9 dashl:2ae6 ee:22c1 erbar:2016 ert:2016"
" erticalBar:2223 erticalLine:7c erticalSeparator:2758 erticalTilde:2240"
" eryThinSpace:200a fr:1d519 opf:1d54d scr:1d4b1 vdash:22aa ",
['W'] =
" circ:174 edge:22c0 fr:1d51a opf:1d54e scr:1d4b2 ",
['X'] =
" fr:1d51b i:39e opf:1d54f scr:1d4b3 ",
['Y'] =
" Acy:42f Icy:407 Ucy:42e acute:dd circ:176 cy:42b fr:1d51c opf:1d550"
" scr:1d4b4 uml:178 ",
['Z'] =
" Hcy:416 acute:179 caron:17d cy:417 dot:17b eroWidthSpace:200b eta:396"
" fr:2128 opf:2124 scr:1d4b5 ",
};
/* clang-format on */
