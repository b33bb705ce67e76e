/** Domains under which anybody may open a mailbox: an address there says nothing about an employer. */
const domains = `
gmail.com googlemail.com outlook.com outlook.de outlook.fr outlook.es outlook.it outlook.at hotmail.com hotmail.de hotmail.co.uk hotmail.fr hotmail.it hotmail.es
live.com live.de live.co.uk live.fr live.nl live.it live.at msn.com passport.com windowslive.com yahoo.com yahoo.de yahoo.co.uk yahoo.fr yahoo.it yahoo.es yahoo.co.in
yahoo.in yahoo.ca yahoo.com.br yahoo.com.au yahoo.co.jp yahoo.at ymail.com rocketmail.com aol.com aol.de aim.com icloud.com me.com mac.com
gmx.de gmx.net gmx.com gmx.at gmx.ch gmx.org gmx.info gmx.eu gmx.fr gmx.us web.de email.de mail.de freenet.de t-online.de magenta.de arcor.de vodafone.de vodafonemail.de
kabelmail.de unitybox.de o2online.de o2mail.de alice.de alice-dsl.net 1und1.de online.de onlinehome.de posteo.de posteo.net mailbox.org firemail.de directbox.com
netcologne.de ewetel.net ewe.net osnanet.de t-email.de tonline.de lycos.de nexgo.de versanet.de kabelbw.de
tutanota.com tutanota.de tuta.io tuta.com tutamail.com keemail.me protonmail.com protonmail.ch proton.me pm.me hushmail.com fastmail.com fastmail.fm startmail.com
runbox.com mailfence.com disroot.org riseup.net ctemplar.com skiff.com hey.com duck.com simplelogin.com anonaddy.com mozmail.com relay.firefox.com privaterelay.appleid.com
zoho.com zohomail.com zohomail.eu mail.com email.com usa.com europe.com post.com consultant.com engineer.com inbox.com inbox.lv mail.ee seznam.cz email.cz centrum.cz
atlas.cz volny.cz post.cz wp.pl o2.pl onet.pl op.pl onet.eu interia.pl interia.eu gazeta.pl tlen.pl poczta.onet.pl azet.sk zoznam.sk centrum.sk freemail.hu citromail.hu
indamail.hu abv.bg mail.bg dir.bg ukr.net i.ua meta.ua bigmir.net mail.ru inbox.ru list.ru bk.ru internet.ru yandex.ru yandex.com ya.ru yandex.ua yandex.by rambler.ru
lenta.ru ro.ru autorambler.ru orange.fr wanadoo.fr free.fr sfr.fr neuf.fr laposte.net bbox.fr numericable.fr club-internet.fr aliceadsl.fr cegetel.net voila.fr
libero.it virgilio.it alice.it tin.it tiscali.it tiscali.co.uk fastwebnet.it inwind.it iol.it email.it poste.it hotmail.be telenet.be skynet.be proximus.be
ziggo.nl kpnmail.nl kpnplanet.nl planet.nl home.nl xs4all.nl hetnet.nl upcmail.nl chello.nl chello.at upcmail.net aon.at a1.net utanet.at inode.at kabsi.at
bluewin.ch hispeed.ch sunrise.ch swissonline.ch terra.es telefonica.net movistar.es ono.com sapo.pt iol.pt clix.pt netcabo.pt telia.com comhem.se spray.se bredband.net
online.no broadpark.no getmail.no mail.dk jubii.dk stofanet.dk webspeed.dk suomi24.fi luukku.com kolumbus.fi elisanet.fi eircom.net btinternet.com btopenworld.com
talktalk.net sky.com virginmedia.com ntlworld.com blueyonder.co.uk plus.net plusnet.com o2.co.uk comcast.net xfinity.com verizon.net att.net sbcglobal.net bellsouth.net
cox.net charter.net spectrum.net earthlink.net mindspring.com juno.com netzero.net optonline.net frontier.com windstream.net centurylink.net embarqmail.com roadrunner.com
rr.com cableone.net rogers.com bell.net sympatico.ca shaw.ca telus.net videotron.ca bigpond.com bigpond.net.au optusnet.com.au iinet.net.au tpg.com.au internode.on.net
xtra.co.nz vodafone.co.nz slingshot.co.nz uol.com.br bol.com.br terra.com.br ig.com.br globo.com r7.com oi.com.br hotmail.com.br live.com.mx prodigy.net.mx hotmail.com.mx
hotmail.com.ar fibertel.com.ar rediffmail.com rediff.com indiatimes.com sify.com qq.com foxmail.com 163.com 126.com yeah.net sina.com sina.cn sohu.com tom.com aliyun.com
139.com 189.cn naver.com hanmail.net daum.net nate.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp nifty.com so-net.ne.jp hotmail.co.jp mynet.com mynet.com.tr walla.com
walla.co.il netvision.net.il maktoob.com webmail.co.za mweb.co.za telkomsa.net vodamail.co.za cox.com lycos.com excite.com bigfoot.com gawab.com myway.com
mailinator.com guerrillamail.com 10minutemail.com trashmail.com trashmail.de wegwerfmail.de spoofmail.de byom.de yopmail.com temp-mail.org tempmail.com sharklasers.com
maildrop.cc getnada.com dispostable.com mailnesia.com throwawaymail.com fakeinbox.com mintemail.com mohmal.com emailondeck.com discard.email spamgourmet.com
`
const known = new Set(domains.trim().split(/\s+/))

/** A domain or any domain below it: nobody@x.gmail.com is as little an employee of gmail.com as nobody@gmail.com. */
export function isFreeMail(domain: string): boolean {
  const parts = domain.toLowerCase().split('.')
  return parts.some((_, i) => known.has(parts.slice(i).join('.')))
}
