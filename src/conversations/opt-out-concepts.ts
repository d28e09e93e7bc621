import { fold } from './opt-out-normalise.ts';

/**
 * What words are about, in eight languages (English, Spanish, Portuguese, French, German, Italian, Dutch, Arabic): what the model learns
 * of "stop" in one language it knows of "parem" in another. `stem*` is every word that begins so. A word may have several meanings;
 * which one counts is learned from the sentences, so a meaning too many does little harm.
 */
const words = {
  stop: `stop stopp* stpo sotp stp stahp quit ceas* desist* halt refrain* avoid* discontinue* knock cut end para pare paren parad parar
    parara* parando basta deja dejen dejad deje dejar dejara* deten* cesa cesen cesar cese evita* acab* termin* finaliz* parem pararem
    parassem deixa deixe deixem deixar deixassem cess* interromp* suspend* encerr* cheg* arret* arete* finiss* evite* hor hort horen horst
    aufhor* aufhoer* unterlass* lass lasst lassen schluss beend* smett* ferm* finit* piant* stopt hou houd houden ophou* kap kappen kappe
    staak* beeindig* وقف* توقف* اوقف* كف كفوا بطل* ايقاف قف قفوا توقيف خلص* انه* يتوقف تتوقف نوقف`,
  unsub: `unsub* unsus* unsucr* unscub* unregist* deregist* optout opt opting opted unfollow* unlist* unenrol* withdraw* revoke*
    desubscri* baja* desuscri* desapunt* dessuscri* desafili* desvincul* retiro desinscr* desincrev* dessubscr* descadast* revog*
    desassin* desincri* desabo* retract* revoqu* abmeld* abgemeld* abbestel* austr* meld* ausgetrag* abo widerruf* widerspr* disiscri*
    disinscri* disdic* disdir* cancellami revoc* disattiv* afmeld* uitschrij* uitgeschr* schrijf afgemeld* intrek* اشتراكي الاشتراك اشتراك
    الغاء الغي الغوا الغو انسحب* الانسحاب`,
  cancel: `cancel* cancl* annul* anul* storn* kundig* kuendig* gekundigt opzeg* disdett* disdir* resili* قانسل كنسل* الغ*`,
  remove: `remov* remv* rmv dele* eras* drop wipe* scrub scratch strike exclu* purge bin lose forget take taken taking get borr* elimin*
    quit* saca* saquen saquenme olvid* suprim* retir* tach* pierd* apag* tira* tire* esquec* sumam* supprim* effac* enlev* oubli* vire*
    raye* sors sortez sortir degag* radi* ot* losch* loesch* entfern* streich* nehm* nimm rausnehm* raus herausnehm* vergess* vergiss
    tilg* tragt cancella* rimuov* rimozion* togl* lev* dimentic* scord* escl* verwijder* wis wissen schrap* haal haalt halen gooi vergeet
    eraf eruit weghal* weg احذف* حذف امسح* مسح شيل* ازل* ازاله شطب اشطب* تشيل* تحذف* تمسح* انس*`,
  off: `off turn switch shut disabl* deactiv* mute* unmute desactiv* desativ* deslig* apag* coup* etein* abstell* ausschalt* abschalt*
    schalt* deaktiv* spegn* disattiv* silenz* uitzet* uit zet afzet* dempen اطف* عطل* ايقاف كتم`,
  leave: `leav* let deja dejen dejad deje dejame dejenme dejadme deixa deixe deixem laiss* lache* foutez fous fiche* lass lasst lassen
    lasci* laat laten اترك* سيب* دع* خل*`,
  alone: `alone peace tranquil* paz aire paix ruhe frieden pace stare rust alleen bother حالي بحالي شاني وشاني سلام`,
  send: `sent snd forward* push* post posting share mand* envi* embi* reenvi* remit* lleg* llen* pas* encaminh* remet* envo* renvoy*
    balanc* adress* transmet* schick* send* zusend* gesendet verschick* zuschick* invi* spedi* inoltr* stuur* stur* zend* verzend*
    doorstur* gestuurd ارسل* ترسل* يرسل* ابعت* تبعت* بعت* تبعث* ابعث* ارسال بعث* رسل*`,
  write: `text texting textin texts txt txting txtng message messaging msging msgin messeg* massag* contact* write writing writt*
    whatsapping dm dming reach ping* escrib* escriv* texte* comunic* mensajee* habl* wasape* guasap* escrev* contat* cham* fala* falem
    procur* mensage* ecri* recontact* solicit* sollicit* joindre demarch* prospect* schreib* schrieb* geschrieb* kontaktier* anschreib*
    angeschrieb* meld* kontakt scriv* messaggi* scritt* cercat* risent* app appen appt appje* schrijf schrijv* bericht* benader* mail
    تراسل* راسل* تكتب* اكتب* تواصل* تتواصل* يتواصل* تكلم* كلم* مراسل*`,
  call: `call* ring phone phoning rang llam* marc* lig* telefon* appel* rappel* telephon* ruf* anruf* angeruf* chiam* bel bellen gebeld
    اتصل* تتصل* اتصال رن*`,
  disturb: `bother* disturb* pester* harass* bug bugging annoy* hassl* nag* hound* badger* bombard* flood* blast* chas* stalk* blow* wak*
    buzz* nuisance molest* fastidi* acos* satur* jod* inund* hostig* incordi* insist* dar dando tabarra lata llenar* cans* rompa* incomod*
    perturb* chate* ench* persegu* lot* atorment* azucrin* derang* embet* emmerd* saoul* soul* harcel* importun* gonfl* fatigu* inond*
    pollu* spam* casse* lourd* nerv* belastig* stor* stoert zumull* zuspam* genervt verschon* rompe* stress* scocci* assill* infastid*
    tartass* tempest* lastig* zeur* gezeur irrit* bestok* overspoel* ازعج* ازعاج تزعج* مزعج* زعج* ضايق* تضايق* صدع* دوش* قرف* اذي*`,
  msg: `mesage* messeg* mssg text texts txt txts sms update updates newsletter* broadcast* pings chat chats mensaj* msj* avis* alert*
    boletin* whatsapp* wasap* guasap* difusion correo* llamada* mensag* msg* comunica* boletim zap* envio* transmiss* recad* divulg*
    message* mess texto* notif* communic* envoi* mail* sollicitation* relance* nachricht* mitteilung* benachricht* verteiler rundmail*
    meldung* messagg* avvis* bericht* appje* melding* nieuwsbrief* mededeling* رساله رسايل رسايلكم الرسايل مسج* اشعار* الاشعارات تنبيه*
    التنبيهات رسالتكم`,
  promo: `offer offers deal deals discount* coupon* voucher* ad ads advert* sale sales campaign* spam junk bargain* solicit* promo* ofert*
    descuent* publicid* propagand* anunci* rebaj* publicit* campan* descont* cupo* divulga* liquida* comercia* offre* reduc* remis* rabais
    solde* pub pubs pube bon bons commercia* demarchage prospection werb* angebot* rabatt* gutschein* aktion* marketing* reklam* offert*
    scont* pubblicit* buon* reclam* aanbieding* korting* actie* code* عرض عروض عروضكم العروض اعلان* الاعلانات دعاي* الدعايه خصم* خصومات
    تخفيض* ترويج* كوبون* تسويق* التسويق* سبام`,
  cart: `cart basket trolley carrito cesta carro canasta carrinho cesto panier warenkorb korb carrello winkelmand* mandje winkelwagen*
    السله سله سلتي عربه`,
  remind: `remind* recuerd* record* lembr* relanc* rappel* erinner* ricord* promemoria sollecit* herinner* تذكير* تذكر* ذكر*`,
  list: `list lists mailing group broadcast database db system records record base memory lista listas listado* grupo grupos difus*
    sistema registr* fichero* padron robinson transmissao cadastro liste listes fichier* diffusion repertoire groupe verteiler* kartei
    adressliste gruppe elenc* rubric* gruppo lijst* bestand* groep قايمه القايمه قايمتكم قوايم* مجموعه القروب قروب* الجروب جروب*`,
  number: `number numbers num nr no nbr phone mobile cell line inbox digits telephone numero* nume telefon* tel cel celular movil telemov*
    contato contacto chip linea linha portable gsm coordonnee* handy nummer* rufnummer diensthandy telefoon* mobiel cellulare recapit*
    contatt* رقم رقمي الرقم جوال* هاتف* موبايل* نمره نمرتي تلفون*`,
  data: `data details info information account profile contact personal datos ficha cuenta perfil dados cadastro conta donnees compte
    coordonnees daten konto gegevens dati profilo بياناتي بيانات معلوماتي حسابي`,
  me: `me us myself mich mir uns moi m nous mi ci nos mij ons eu mim mnie لي عني علي معي ني`,
  my: `my our mine mi mis nuestro meu meus minha minhas nosso mon ma mes notre mein meine meinen meiner unsere mio mia miei mie nostro
    mijn mn onze ons`,
  you: `you u ya yall youse your ur guys yours yr vuestro* ustedes vosotros su sus os vcs voces vc voce vos vosso* vossa* vous votre toi
    te tu ihr euch eure* euer* sie ihnen ihre* dich dir voi vi vostr* tuoi tua jullie uw je jou انتم انتو لكم منكم عندكم شركتكم محلكم`,
  this: `this these that those them it esto este esta estos estas eso esos esas isso isto essa essas esse esses disso disto dessas desses
    nisso ca cela ce ces cette das dies diese* damit questo questi queste questa cio dit deze dat die هذا هذه هذي ده دي هالرسايل هال هذول`,
  not: `not dont donot dnt didnt doesnt wont isnt arent cant no n nao num ne pas ni tampoco nicht ned nich non nn niet nit لا ما مش مو مب
    ليس لم لن بدون موب`,
  none: `no none any zero without ningun* nada sin sem nenhum* aucun* rien sans kein* nichts nix ohne nessun* niente nulla senza geen niks
    niets zonder بدون اي ولا شيء شي`,
  never: `never ever nvr nunca jamas jamais nie niemals mai nooit ابدا نهاييا مطلقا عمري`,
  more: `more anymore further longer additional mas mais plus mehr weiter* piu ulterior* altr* meer verder* langer future again another
    كمان بعد تاني ثاني مره اخري مجددا المزيد`,
  again: `again once otra vez vuelv* volver* nuevamente outra volt* novamente encore nouveau wieder nochmal noch ancora nuovo weer nog
    opnieuw`,
  want: `want wanna wants wanted wish need needs needed like care require prefer* rather kiero qiero quisiera quier* dese* necesit*
    prefier* interes* gusta* apetec* quero queria gostar* gostav* precis* prefir* veux veut voul* voud* souhait* aimer* besoin envie
    desir* will mocht* wunsch* brauch* bitte lieber wurde vorrei vogl* desider* bisogno serv* wil wilt willen graag zou liever hoef*
    behoefte اريد ابغي ابغا ابي عايز* عاوز* بدي ودي احب افضل ارغب رغبه محتاج* احتاج مهتم* يهمني`,
  receive: `receiv* reciev* recv get gets getting got gettin recib* resib* reciv* lleg* receb* cheg* recev* recoi* recu resev* bekomm*
    krieg* erhalt* erhielt ricev* arriv* ontvang* krijg* kreeg استلم* استقبل* توصل* يوصل* تجي* تيجي* يجين* تصل* وصل* بتوصل* استقبال تلقي
    اتلق*`,
  agree: `agree* permi* authori* autori* allow* asked sign signed signup approv* consen* acept* accept* suscri* subscr* inscri* inscrev*
    apunt* pedi pedid* cadastr* accord abonn* einwillig* zugestimm* zustimm* erlaub* angemeld* anmeld* bestellt iscri* permess* chiest*
    toestem* aangemeld* akkoord ingeschr* موافق* اوافق وافقت اذن سجلت طلبت اشترك*`,
  keep: `keep keeps kept continu* still sigu* segu* sigan ainda fica ficam ficar toujours encore immer standig dauernd weiter* noch sempre
    ancora blijf* blijven steeds nog لسه لا زال مازال ما باستمرار دايما كل`,
  every: `every daily day days week weekly constantly nonstop time all cada todos todo dia dias diario siempre rato toda todas sempre
    semana jours jour tous toutes tout semaine jeden jede tag tage taglich woche immer ogni giorno giorni tutti tutte settimana elke dag
    dagen iedere alle كل يوم يومي يوميا اسبوع كلها`,
  tired: `tired sick fed annoy* hate enough done over bored irrit* exhaust* harto* harta* cansad* canse aburrid* odio hasta narices
    coronilla pesad* agobi* cansei farto* farta* saco chat* odeio marre assez ras bol gave* saoul* fatigu* agac* insupport* penib* chiant
    nerv* satt leid genug reicht langsam stufo* stufa* stanc* scocciat* rott* palle scatole zat beu moe genoeg ergern* zeik* مليت تعبت
    طفشت قرفت زهق* كافي كفايه كفي خلاص يكفي سيمت`,
  enough: `enough suffic* basta suficiente ya chega deu assez suffit genug reicht langt genoeg zat كفايه كفي يكفي خلاص بس كافي`,
  block: `block* report* blacklist bloqu* denunci* reclam* consumidor agencia policia* procon process* signal* denonc* cnil plainte meld*
    anzeig* anwalt polizei blocc* segnal* garante blokk* aangifte rapporteer* بلوك احظر* حظر* ابلغ* بلاغ* اشتكي* شكوي`,
  legal: `gdpr rgpd lgpd dsgvo avg ico lawyer legal illegal law harass* acoso assedio harcelement ley lei loi gesetz legge wet polic*
    polizei privacy derecho* direito* droit* widerspr* object oppo* oposic* opon* bezwaar قانون قانوني خصوصيه`,
  angry: `fuck* fck wtf ffs stfu shit crap hell damn bloody piss sod bugger shut shove screw rubbish nonsense carajo mierda puta joder
    chinga* cojones huevos porra merda inferno caralho pqp droga merde putain bordel foutez foutre scheis* verdammt verpiss* mist cazzo
    palle rott* kut verdomme flikker rot donder زفت خرا لعن* قرف تبا`,
  wrong: `wrong mistaken equivoc* errad* engano mauvais erreur trompe* falsch* verwechs* sbagliat* errore verkeerd* غلط خطا خاطي غلطان`,
  dead: `died dead passed deceased late falleci* murio muerto difunt* falec* morreu decede* verstorben gestorben tot decedut* mort*
    overleden توفي* مات* متوفي رحمه`,
  identity: `who name person owner quien conoz* soy persona quem sou pessoa conhec* dona qui suis connais personne wer bin kenne chi sono
    conosc* wie ken persoon ben من انا مين اعرفكم صاحب`,
  please: `please pls plz plss kindly favor porfa xfa porfavor pfv pfvr pf sff gentileza svp stp merci plait priere veuillez bitte pliz
    favore cortesia prego aub alsjeblieft ajb graag رجاء ارجو ارجوكم لو سمحت* فضلك الرجاء`,
  thanks: `thanks thank thx ty cheers gracias obrigad* obg valeu merci danke grazie bedankt dank dankje* شكرا مشكور* يسلمو`,
  why: `why porque pq pourquoi warum wieso perche waarom ليش لماذا ليه`,
  how: `how como comment wie come hoe كيف ازاي شلون`,
  wh: `what where which when que donde cuando cual qual onde quando quel* quand ou quoi was wo wann welche* cosa dove quale wat waar
    wanneer welke ماذا وين فين متي ايش شنو اين`,
  can: `can could would may podri* pued* pode* conseg* pouvez pourr* peut peux kann konn* durft puo potre* pote* posso possib* kun kunnen
    kan zou mag ممكن تقدر* يمكن اقدر`,
  must: `must should have need hay tengo tienen tem tenho preciso dois faut devez muss musst sollt* devo dovete deve bisogna moet moeten
    hoeft لازم يجب`,
  if: `if unless si se wenn falls als اذا لو`,
  only: `only just solo solamente unicamente so somente apenas seulement juste uniquement nur ausschliesslich soltanto alleen slechts فقط
    بس`,
  but: `but however pero mas porem mais aber sondern jedoch ma maar لكن بس`,
  also: `also and too plus btw tambien ademas ademais tambem alias aussi egalement auch ausserdem ubrigens anche inoltre ook trouwens
    وكمان ايضا وبعد و`,
  out: `out fuera afuera salir salirme salgo salga fora sair saio saia sortir dehors raus heraus fuori uscir* esco uit eruit اخرج* خرج*
    طلع*`,
  order: `order orders ordered purchase pedido pedidos orden compra encomenda* commande* achat* bestell* ordin* acquist* besteld* طلب طلبي
    الطلب طلبيه اوردر الطلبيه`,
  parcel: `parcel* package* deliver* ship* dispatch* courier driver track* paquete* envio envios entreg* repartidor mensajero reparto
    rastre* pacote* frete motoboy transport* colis livr* expedi* suivi liefer* paket* versand* verschick* zustell* sendung* pacc* spediz*
    corrier* consegn* pakket* lever* bezorg* verzend* zending* طرد شحن* الشحن* توصيل* التوصيل مندوب*`,
  pay: `pay* paid charg* card refund* invoice* bill bills receipt* money debit* price cost* fee fees account pag* cobr* tarjeta reembols*
    factur* recibo dinero precio cart* boleto* estorno nota dinheiro preco pix fatura* fattur* paie* prelev* rembours* recu argent prix
    zahl* bezahl* abbuch* abgebucht karte erstatt* ruckzahl* rechnung* geld mahnung* preis rimbors* soldi prezzo addebit* betal* betaal*
    afschrijv* kaart terugbeta* factuur prijs aanmaning* دفع* فلوس* فاتوره بطاقه* استرجاع* استرداد سعر مبلغ خصمتوا`,
  item: `item* product* mug mugs candle* size sizes colour color blue red green black white dress shirt shoes box boxes lamp gift bag
    coffee one ones two articulo* taza* vela* talla* azul rojo verde negro vestido zapato* caja regalo cafe bolsa produto* caneca* tamanho
    cor vermelh* preto branc* camis* sapato* caixa presente sacola peca itens tasse* bougie* taille couleur bleu* rouge* vert* noir*
    blanc* robe chemise chaussure* boite cadeau article* produit* sac blau* rot* grun* schwarz* weiss* kleid hemd schuhe kerze* grosse
    geschenk artikel produkt* tazza candel* taglia colore blu rosso nero bianco vestito scarpe scatola prodott* articol* mok mokken kaars*
    maat kleur rode groene zwarte jurk schoenen doos مقاس لون ازرق احمر كوب شمعه فستان هديه منتج* قطعه علبه`,
  returns: `return* exchange* replac* swap devol* cambi* reemplaz* troc* retour* echang* rempla* umtausch* tausch* ersatz zuruck* ruck*
    reso restitu* sostitu* ruil* terugstur* vervang* ارجاع* استبدال* تبديل* ارجع* ابدل*`,
  booking: `appointment* booking* table rental contract gym membership insurance plan subscription* box magazine cita reserva* mesa
    alquiler contrato gimnasio seguro* revista suscripcion* consulta matricula academia assinatura* aluguel plano rendez abonnement*
    forfait assurance salle contrat bail termin* reservier* tisch vertrag abo abos versicherung fitness* prenotaz* tavolo contratt*
    palestra assicuraz* abbonament* afspraak* reserver* tafel verzekering sportschool موعد حجز* طاوله عقد تامين نادي`,
  fault: `broken broke work* problem* issue* fault* bug loading roto rota funciona* falla* quebrad* erro* defeito parou casse* panne
    marche* erreur* defect* kaputt defekt fehler* funktion* geht rott* funzion* kapot werkt fout* probleem* مكسور* عطلان* مشكله خربان*
    يشتغل`,
  code: `code codes link links app page website site password codigo* enlace pagina web contrasena clave senha lien mot passe
    gutscheincode seite passwort codice sito wachtwoord كود الرابط رابط تطبيق موقع`,
  time: `now later today tomorrow tonight monday tuesday wednesday thursday friday saturday sunday morning night before after until yet
    hoy manana luego despues ahora lunes martes viernes noche antes todavia ahorita hoje amanha depois agora segunda terca sexta sabado
    noite ainda maintenant demain aujourd hui lundi mardi vendredi nuit avant apres tard soir jetzt heute morgen spater montag freitag
    abend vor nach noch oggi domani dopo ora adesso lunedi venerdi sera prima vandaag straks nu maandag vrijdag avond voor na اليوم بكره
    بكرا غدا بعدين الان الحين دلوقتي الليل قبل`,
  third: `he she they him her his wife husband mum mom mother father dad sister brother son daughter friend neighbour neighbor doctor
    colleague el ella ellos mujer esposa esposo marido madre mama padre papa hermana hijo hija amiga amigo vecino medico colega ele ela
    eles mae pai irma irmao filho filha vizinho il elle ils femme mari mere pere soeur frere fils fille amie voisin* medecin er mann frau
    mutter vater schwester bruder sohn tochter freundin nachbar* arzt lui lei loro moglie marito mamma sorella figlio figlia amica vicino
    hij zij ze vrouw man moeder vader zus broer zoon dochter vriendin buren buurman dokter زوجي زوجتي امي ابي اختي ابني صديقتي جاري
    الدكتور هو هي`,
  say: `said says say told tell asked dice dijo dijeron digo dije disse disseram falou falei mandou diz dit disait demande dire sagt sagte
    gesagt meinte detto zei zegt gezegd قال قالت قلت يقول`,
  mistake: `accident* mistake* error equivocacion querer engano acidente erreur hasard expres aus versehen versehentlich sbaglio errore
    ongeluk vergissing بالغلط غلط بالخطا خطا`,
  like: `like love loved lovely great glad happy nice favourite good funny haha lol encanta* gusta* gusto* genial bueno jaja* adoro amo
    gosto amei otimo k* rsrs adore aime* super mdr liebe mag toll gern piace* bell* leuk mooi hou geweldig top احب* حلو* جميل* رايع* ه*`,
  buy: `buy buying bought purchas* shop shopping spend* pay compr* gast* lev* achet* depens* kauf* gekauft shoppen acquist* kop* koop*
    gekocht اشتري* شريت شراء`,
  sell: `sell sells have got stock available vend* tien* hay tem tenh* avez reste verkauf* habt lager avete disponib* verkop* hebben
    voorraad عندكم تبيع* متوفر*`,
  health: `pain smoke smoking cough pill* cream hair bleed* itch* dolor fumar tos medic* pastilla* crema pelo picor dor tosse remedi*
    pomada creme cabelo douleur fumer toux cheveux schmerz* rauch* husten tablett* salbe juck* dolore fumare pomata pijn roken hoest zalf
    jeuk الم تدخين كحه دواء كريم`,
  channel: `email emails mail post letter paper catalogue catalog correo* mails carta papel catalogo postal courrier* lettre papier brief
    katalog posta lettera folder ايميل* بريد ورق`,
  join: `subscribe signup register join add resume back suscribirme apunt* inscribirme agreg* anad* alta volver inscrev* cadastr* adicion*
    coloca* voltar inscrire abonner ajout* remettre anmelden eintragen wieder iscriver* aggiung* tornare aanmelden toevoeg* inschrijv*
    terug اشترك سجلوني ضيف* اضف*`,
} as const satisfies Readonly<Record<string, string>>;

/** How many meanings there are; a meaning is a number below it. */
export const CONCEPTS = Object.keys(words).length;

export type Concept = keyof typeof words;

const { whole, stems } = readWords();
const numbers = new Map(Object.keys(words).map((concept, at) => [concept, at]));

/** Whether a folded word is about one of these. */
export function isAbout(word: string, concepts: readonly Concept[]): boolean {
  const about = conceptsOf(word);
  return concepts.some((concept) => about.includes(numbers.get(concept) ?? -1));
}

/** What a folded word is about. */
export function conceptsOf(word: string): readonly number[] {
  const found = meanings(word);
  const bare = found.length === 0 ? word.replace(ARABIC_PREFIX, '') : word;
  return bare === word ? found : meanings(bare);
}

/** "and", "the", "with", "to", which Arabic writes together with the word. */
const ARABIC_PREFIX = /^(?:وال|بال|هال|ال|لل|[وبلف])(?=[ء-ي]{2})/u;
const SHORTEST_STEM = 2;
const LONGEST_STEM = 14;

function meanings(word: string): readonly number[] {
  const found = new Set(whole.get(word));
  for (let length = Math.min(word.length, LONGEST_STEM); length >= SHORTEST_STEM; length--) {
    const ofStem = stems.get(word.slice(0, length));
    if (ofStem) {
      return [...new Set([...found, ...ofStem])];
    }
  }
  return [...found];
}

function readWords() {
  const tables = { whole: new Map<string, number[]>(), stems: new Map<string, number[]>() };
  for (const [concept, listed] of Object.values(words).entries()) {
    for (const word of listed.split(/\s+/)) {
      const isStem = word.endsWith('*');
      const table = isStem ? tables.stems : tables.whole;
      const key = fold(isStem ? word.slice(0, -1) : word);
      table.set(key, [...(table.get(key) ?? []), concept]);
    }
  }
  return tables;
}
