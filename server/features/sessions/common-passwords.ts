/**
 * The passwords that are tried first. A list of words rather than of spellings: `isCommon` takes off digits and signs at
 * both ends and undoes the usual exchanges (p@ssw0rd), so that one word here stands for some hundred passwords there.
 */
const words = `
password passwort passwords passwd passphrase motdepasse contrasena contraseña kennwort geheim geheimnis secret topsecret letmein letmeinnow openup opensesame welcome
willkommen welcomehome hallo hello hellohello hallohallo hellothere changeme changeit changemenow aendern default standard standardpasswort admin administrator adminadmin
root rootroot toor superuser sysadmin system manager supervisor operator service support helpdesk servicedesk master mastermind test testtest tester testing testuser
user username benutzer guest gast gastgast demo demodemo temp temporary login logmein signin anmelden sesame access zugang internet intranet computer rechner laptop notebook
server network netzwerk windows microsoft office outlook google facebook youtube twitter instagram linkedin amazon apple iphone samsung android nokia sony nintendo playstation
xbox pokemon minecraft fortnite starwars startrek superman batman spiderman ironman pikachu naruto matrix gandalf hobbit merlin dragon drache dragonball tiger lion eagle adler
falcon hawk wolf panther puma bear baer shadow schatten ninja samurai warrior krieger knight ritter king koenig queen koenigin prince prinz princess prinzessin
angel engel devil teufel lucifer satan jesus jesuschrist christ church heaven himmel iloveyou ichliebedich ihatedu loveyou lovely lovelove mylove forever fuckyou fuckoff fuckme asshole
arschloch scheisse bullshit bastard bitch sexy sexsex hotsex hotstuff baby babygirl babyboy babybaby sweet sweetheart sweety schatz schatzi schnucki liebling liebe hasi mausi honey sugar
cookie chocolate schokolade vanilla cheese kaese banana banane orange apfel peach cherry kirsche strawberry erdbeere coffee kaffee pepper ginger butter butterfly
schmetterling flower blume blumen rose rosebud sunflower sonnenblume sunshine sonnenschein sun sonne moon mond star stern stars rainbow regenbogen summer sommer
winter spring fruehling frühling autumn herbst monday montag tuesday dienstag wednesday mittwoch thursday donnerstag friday freitag saturday samstag sunday
sonntag january januar february februar march maerz märz april may mai june juni july juli august september october oktober november december dezember easter ostern christmas
weihnachten birthday geburtstag football fussball fußball soccer baseball basketball hockey tennis golf golfer fishing angeln hunter hunting jaeger surfing skating
skateboard snowboard racing rennen speedy turbo formula ferrari porsche mercedes bmw audi volkswagen opel ford mustang corvette camaro chevrolet chevy harley yamaha honda
toyota nissan suzuki kawasaki jaguar ducati bayern bayernmuenchen borussia dortmund schalke werder hamburg stuttgart arsenal liverpool chelsea manchester barcelona realmadrid juventus
milan inter yankees lakers cowboys raiders steelers packers patriots redskins broncos dolphins eagles berlin muenchen münchen koeln köln frankfurt deutschland germany
oesterreich schweiz austria england london paris france amerika america american usausa canada australia newyork texas california florida chicago boston dallas denver
phoenix houston austin jackson brooklyn alexander alexandra andreas andrea andrew angela anthony barbara benjamin brandon brian charles charlie charlotte chelsea christian
christina christine christopher claudia cynthia daniel daniela danielle david dennis diana dominik donald edward elizabeth emily eric eva felix florian frank franziska
gabriel george gerald hannah hannes heather helmut henry isabella jasmine jason jeffrey jennifer jenny jessica johannes jonathan jordan joseph joshua juergen julia julian justin katharina
katrin kevin kimberly klaus kristin laura lauren leonard leonie leon lisa lukas madison maggie manuel manuela marcus maria marina mario markus marlene martin martina matthew matthias
maximilian melanie melissa mercedes michael michaela michelle monika nadine natalie natasha nathan nicholas nicole oliver olivia patricia patrick paul peter philipp phillip rachel
rainer ralf raphael rebecca richard robert robin roland rosemary samantha samuel sandra sarah sascha scott sebastian simon simone sophia sophie stefan stefanie stephanie stephen
steven susanne sabine tanja taylor theresa thomas tobias torsten ursula vanessa verena veronica veronika victor victoria vincent walter werner william wolfgang
monkey affe donkey esel horse pferd pony pferdchen kitten kitty kaetzchen katze katzen cat cats dog dogs doggy hund hunde hundi puppy welpe bunny hase rabbit kaninchen hamster maus mouse
mickey mickeymouse donald snoopy garfield tweety bugsbunny simpsons homer scooby scoobydoo winnie tigger bubbles bubba buster bailey barney bella bandit bobby boomer brandy bruno
buddy casper champion chance chester coco cooper daisy diesel duke fluffy freddy george gizmo goldie gunner hunter jake jasper jack lady lucky lucy maggie max maxwell midnight
misty molly murphy muffin oreo oscar patches peanut pepper peaches princess rex rocky rusty sadie sammy sam scooter shadow shelby smokey snickers sophie sparky spike spot sunny
sugar tigger toby tucker whiskers winston zeus apollo athena hercules merlin thunder donner lightning blitz storm sturm fire feuer water wasser ice eis snow schnee
freedom freiheit liberty peace frieden love happy gluecklich glücklich smile laecheln lucky glueck success erfolg victory winner sieger loser power energy energie magic magick mystery
music musik guitar gitarre piano klavier drummer metal metallica nirvana slipknot eminem beatles rockstar rocknroll rockandroll hiphop techno madonna elvis johnny junior senior
daddy papa mama mommy mutti vater mutter bruder schwester brother sister family familie grandma grandpa oma opa friend friends freund freunde bestfriend boyfriend girlfriend
trustno trustnoone trustme whatever nothing nichts something everything nobody somebody unknown unbekannt anonymous hacker hacked hackme cracker killer killme murder death tod
blood ghost geist zombie vampire monster demon phantom legend genius einstein newton scorpion spider spinne snake schlange cobra viper raptor phoenix dolphin delfin shark hai whale turtle
frosch frog penguin pinguin elephant elefant giraffe zebra gorilla crocodile qwerty qwertyuiop qwertz qwertzuiop qwertzui azerty azertyuiop asdf asdfasdf asdfgh asdfghjkl asdfghjkloe yxcvbn yxcvbnm
zxcvbn zxcvbnm qazwsx qazwsxedc qweasd qweasdzxc qaywsx qaywsxedc wsxedc qweqwe qweqweqwe asdasd asdasdasd zaqxsw zaqwsx poiuyt poiuytrewq lkjhgf mnbvcxz abcd abcde abcdef abcdefg abcdefgh abcabc
abcdabcd aaaa aaaaaa aaaaaaaa xxxx xxxxxx xxxxxxxx zzzz blabla blablabla bla lol lololo hahaha hahahaha haha hehehe test pass passpass passme pw code codes keys key
schluessel schlüssel door haus house home zuhause heimat garden garten beach strand ocean ozean river island insel mountain berg berge bergsteiger holiday urlaub vacation travel reisen
money geld dollar euro bitcoin crypto diamond diamant silver silber golden gold platinum black schwarz white weiss red rot blue blau green gruen grün yellow gelb purple lila pink
orange brown braun bigboy bigdog bigdaddy bigman bigtits cowboy player gamer gaming games spiele spieler soldier soldat army marine marines airborne navy pilot captain kapitaen
doctor doktor nurse teacher lehrer student schueler schule school college university universitaet uni firma company business buero buerostuhl chef boss work arbeit feierabend wochenende
weekend party bier beer wodka vodka whisky whiskey jackdaniels jaegermeister corona heineken budweiser marlboro smoke smoking cannabis marijuana ganja maryjane pizza pasta burger
hotdog hamburger bratwurst currywurst schnitzel kartoffel tomato tomate zwiebel kuchen torte nutella haribo gummibaer sommerzeit winterzeit deutsche bahn polizei feuerwehr
firstline ticket tickets incident itsupport itservice hotline
`
const known = new Set(words.trim().split(/\s+/))

/** What is typed along the keys or counted up: runs of digits as they are found in every leaked list. */
const runs = [
  '01234567890123456789',
  '98765432109876543210',
  '11223344556677889900',
  '1q2w3e4r5t6y7u8i9o0p',
  '1qaz2wsx3edc4rfv5tgb6yhn',
  '1qay2wsx3edc4rfv',
  'q1w2e3r4t5y6u7i8',
  'a1b2c3d4e5f6g7h8',
  '123456abcdef',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
  '147258369147',
  '159753159753',
  '741852963741',
  '112233112233',
  '121212121212',
  '123123123123',
  '123321123321',
  '123654123654',
  '102030405060',
  '100200300400',
  '131313131313',
  '696969696969',
  'abc123abc123',
  '1a2b3c4d5e6f',
]

const exchanges: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'l',
}
const plain = (text: string) => text.replace(/[013457@8$!|]/g, (sign) => exchanges[sign] ?? sign)
const core = (text: string) => text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')

/** One of the passwords that are tried first, or one of `own` words (name, address, company) with trimmings. */
export function isCommon(password: string, own: readonly string[] = []): boolean {
  const low = password.normalize('NFKC').toLowerCase()
  if (/^(.{1,4})\1+$/u.test(low) || /^\d{1,10}$/.test(low)) return true
  if (runs.some((run) => run.includes(low) || [...run].reverse().join('').includes(low))) return true
  const mine = new Set(own.flatMap((word) => word.toLowerCase().split(/[^\p{L}\p{N}]+/u)).filter((word) => word.length >= 3))
  const guessed = (word: string) => known.has(word) || mine.has(word)
  const forms = [low, core(low), plain(low), core(plain(low)), plain(core(low)), low.replace(/[^\p{L}]/gu, '')]
  return forms.some((form) => guessed(form) || isTwo(form, guessed))
}

/** Two guessed words, one after the other, are still two guesses. */
function isTwo(form: string, guessed: (word: string) => boolean): boolean {
  for (let cut = 3; cut <= form.length - 3; cut++) if (guessed(form.slice(0, cut)) && guessed(form.slice(cut))) return true
  return false
}
