/** Invented people of many origins: given names and family names, joined by chance and never twice. */
export const origins: { given: string; family: string }[] = [
  {
    given: 'Anke Birte Carsten Dörte Enno Frauke Gesa Hauke Imke Jörn Kerstin Lasse',
    family: 'Ahlers Brodersen Claasen Detlefsen Eggers Focken Greve Hinrichs Jessen Kröger Lührs Martens',
  },
  {
    given: 'Alexandra Benedikt Christoph Franziska Georg Hanna Jonas Katharina Lukas Miriam Niklas Veronika',
    family: 'Aigner Brandl Dorfner Eberl Fuchsberger Gruber Hölzl Kirchmair Lechner Moosbauer Reiter Stadler',
  },
  {
    given: 'Abigail Callum Edith Fergus Gemma Harriet Isla Jasper Kit Lorna Marcus Poppy',
    family: 'Ashdown Birkett Coverdale Dunmore Entwistle Fairbrother Garside Hebden Illingworth Lockwood Ramsden Thackray',
  },
  {
    given: 'Aileen Bronwen Conor Deirdre Ewan Fiona Gareth Niamh Owain Rhys Siobhan Tavish',
    family: 'Brennan Cadogan Devlin Farquhar Gillespie Kinsella Llewelyn Macrae Nevin Prosser Quigley Strachan',
  },
  {
    given: 'Aylin Burak Ceren Deniz Elif Emre Hakan Leyla Mehmet Selin Tolga Zeynep',
    family: 'Aksoy Bozkurt Ceylan Doğan Erdem Güneş Kaplan Korkmaz Öztürk Şahin Tekin Yalçın',
  },
  {
    given: 'Agnieszka Bartosz Dorota Grzegorz Jolanta Kamil Małgorzata Paweł Sylwia Tomasz Wiktoria Zbigniew',
    family: 'Bielecki Czarnecki Dudek Gajewski Jankowski Krawczyk Lisowski Malinowski Nowicki Pawlak Sikora Wrona',
  },
  {
    given: 'Aditi Arjun Deepika Farhan Ishaan Kavya Meera Nikhil Priya Rohan Sunita Vikram',
    family: 'Banerjee Chaudhary Deshpande Ghosh Iyer Joshi Kulkarni Menon Nair Pillai Rao Srinivasan',
  },
  {
    given: 'Adaeze Babatunde Chidi Efua Folake Ifeoma Kwame Ngozi Obinna Temitope Yaw Zainab',
    family: 'Abiola Adeyemi Boateng Chukwu Danso Eze Mensah Nwosu Okafor Owusu Sarpong Uche',
  },
  {
    given: 'Alessia Bruno Chiara Davide Elisa Fabrizio Giulia Lorenzo Marta Nicolò Silvia Tommaso',
    family: 'Barbieri Caruso D’Amico Ferrante Gallo Lombardi Marchetti Pellegrini Rinaldi Santoro Testa Vitale',
  },
  {
    given: 'Anh Binh Chau Duc Giang Hoa Khanh Lan Minh Ngoc Phuong Thao',
    family: 'Bui Dang Dinh Do Duong Hoang Le Ngo Nguyen Pham Tran Vu',
  },
  {
    given: 'Amira Bilal Dalia Faris Hanan Idris Karim Layla Nabil Rania Samir Yasmin',
    family: 'Abdallah Barakat Darwish Fayad Haddad Jaber Khalil Mansour Najjar Qasim Rahmani Saleh',
  },
  {
    given: 'Andrij Bohdana Daryna Halyna Ihor Kateryna Ljubow Mykola Oksana Roman Taras Yulia',
    family: 'Bondarenko Danylenko Fedorenko Hryhorenko Ivanenko Kovalenko Lysenko Melnyk Oliynyk Petrenko Rudenko Tkachuk',
  },
  {
    given: 'Álvaro Beatriz Camila Diego Esteban Inés Joaquín Lucía Mateo Pilar Rafael Ximena',
    family: 'Aguirre Benítez Cordero Escudero Figueroa Ibáñez Lozano Montoya Navarrete Quintana Salcedo Valdés',
  },
  {
    given: 'Astrid Björn Elin Freja Gunnar Henrik Ingrid Kjell Linnea Magnus Signe Torben',
    family: 'Åberg Bergqvist Dahlgren Ekström Forsberg Hallberg Lindholm Nyström Rosengren Sjöberg Thorsen Wikander',
  },
  {
    given: 'Beiling Chenxi Haoran Jiayi Kaito Mei Natsuki Ren Shufen Takumi Weiguo Yuki',
    family: 'Chen Fujimoto Guo Hayashi Kobayashi Lin Matsuda Okada Shen Tanabe Xu Zhou',
  },
  {
    given: 'Aurélie Baptiste Clémence Damien Élodie Florian Hélène Julien Manon Océane Rémi Solène',
    family: 'Aubry Besson Chevalier Delorme Fabre Garnier Lefort Mercier Perrin Renaud Tessier Vasseur',
  },
  {
    given: 'Beatrix Cătălin Dimitra Eleni Florin Iulia Kostas Miruna Nikos Petros Roxana Stavros',
    family: 'Antoniou Bălan Cojocaru Dragomir Georgiou Ionescu Kalogeras Lazarou Munteanu Nikolaidis Papadakis Stanciu',
  },
  {
    given: 'Ana Caio Dulce Fábio Heitor Joana Lívia Matilde Nuno Otávio Rita Tiago',
    family: 'Almeida Barros Carvalho Duarte Esteves Faria Guimarães Lacerda Moreira Nogueira Pacheco Teixeira',
  },
]

/** What stands before the @: letters of ASCII only, as most mail systems hand them out. */
export function mailName(name: string): string {
  const german: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss', ø: 'o', ł: 'l', ı: 'i', ğ: 'g', ş: 's', ç: 'c' }
  return name
    .toLowerCase()
    .replace(/[äöüßøłığşç]/g, (letter) => german[letter] ?? letter)
    .normalize('NFD')
    .replace(/[^a-z .-]/g, '')
    .trim()
    .replace(/ +/g, '.')
}
