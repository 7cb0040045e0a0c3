"""Names to draw from, the frequent ones first; `words` splits the blocks.

The combinations are drawn at random and mean nobody.
"""

MALE_FORENAMES = """
David John Michael James Paul Andrew Mark Stephen Robert Christopher Daniel Peter Matthew Richard
Ian Anthony Darren Lee Jason Thomas Kevin Simon Gary Ryan Craig Wayne Steven Alan Adam Joseph
Martin William Carl Dean Jamie Stuart Scott Shaun Neil Nathan Luke Ashley Liam Kieran Jordan Karl
Philip Barry Colin Nicholas Benjamin Samuel Sean Aaron Kyle Graham Keith Terence Brian Kenneth
George Edward Charles Jonathan Gareth Leon Marcus Nigel Trevor Russell Patrick Declan Dominic
Jack Harry Connor Callum Joshua Curtis Reece Bradley Damien Clive Roy Raymond Ronald Derek Geoffrey
Gavin Glen Duncan Hugh Rhys Dylan Owain Ieuan Huw Alun Eamonn Cormac Niall Ciaran Seán Zachary
Jerome Tyrone Delroy Winston Clinton Jermaine Dwayne Errol Desmond Kwame Emeka Chidi Tunde Kofi
Piotr Tomasz Krzysztof Łukasz Paweł Marek Andrzej Radosław José Luis João Carlos André François
Jürgen Marius Ionuț Andrei Vasile Mihai Juozas Mantas Jean-Paul Jean-Luc Besnik Arben
"""

FEMALE_FORENAMES = """
Susan Julie Karen Jacqueline Deborah Tracey Jane Helen Diane Sharon Michelle Lisa Sarah Nicola
Emma Joanne Claire Amanda Rebecca Louise Samantha Kelly Donna Rachel Victoria Laura Gemma Katie
Stacey Leanne Natalie Jennifer Hayley Kerry Lindsey Danielle Amy Charlotte Lauren Jade Chloe
Shannon Kirsty Zoë Siân Chloé Renée Cheryl Dawn Paula Wendy Angela Alison Catherine Margaret
Elizabeth Maria Maureen Patricia Christine Carol Linda Janet Teresa Bernadette Sinéad Niamh
Bethan Rhiannon Carys Megan Cerys Tanya Melanie Vanessa Heather Hannah Jessica Sophie Abigail
Olivia Georgina Frances Rosemary Heidi Toni Kim Kylie Charlene Chantelle Chanel Keisha Shanice
Latoya Monique Yvonne Marcia Beverley Abena Ngozi Folake Agnieszka Katarzyna Małgorzata Joanna
Magdalena Ana Inês Sofía Élodie Françoise Daniela Mihaela Elena Ioana Rasa Jolanta Mary-Jane
Anne-Marie Ann-Marie Sarah-Jane Mary-Ann Vera Ivana Anastasia Ludmila
"""

ASIAN_MALE_FORENAMES = """
Mohammed Ahmed Ali Hassan Imran Asif Tariq Khalid Nadeem Shahid Sajid Rashid Amir Usman Bilal
Faisal Kamran Waqar Zahid Yusuf Ibrahim Abdul Mohammad Rizwan Adeel Harpreet Gurpreet Manjit
Balwinder Sukhdev Rajesh Sanjay Vikram Amit Ravi Anil Suresh Nilesh Hitesh Shafiq Kabir Rahim
"""

ASIAN_FEMALE_FORENAMES = """
Fatima Aisha Nasreen Shazia Rukhsana Saima Samina Farzana Zainab Khadija Maryam Sadia Noreen
Parveen Yasmin Harjit Kulwinder Jaspreet Priya Anjali Sunita Meena Rekha Nisha Rina Taslima
"""

SURNAMES = """
Smith Jones Williams Taylor Brown Davies Evans Wilson Thomas Johnson Roberts Robinson Thompson
Wright Walker White Edwards Hughes Green Hall Lewis Harris Clarke Patel Jackson Wood Turner Martin
Cooper Hill Ward Morris Moore Clark Lee King Baker Harrison Morgan Allen James Scott Phillips
Watson Davis Parker Price Bennett Young Griffiths Mitchell Kelly Cook Carter Richardson Bailey
Collins Bell Shaw Murphy Miller Cox Richards Khan Marshall Anderson Simpson Ellis Adams Singh
Begum Wilkinson Foster Chapman Powell Webb Rogers Gray Mason Ali Hunt Hussain Campbell Matthews
Owen Palmer Holmes Mills Barnes Knight Lloyd Butler Russell Barker Fisher Stevens Jenkins Murray
Dixon Harvey Graham Pearson Ahmed Fletcher Walsh Kaur Gibson Howard Andrews Stewart Elliott
Reynolds Saunders Payne Fox Ford Pearce Day Brooks West Lawrence Cole Atkinson Bradley Spencer
Gill Dawson Watts Burton O'Brien Armstrong Hart O'Connor O'Neill O'Sullivan O'Reilly D'Souza
Francis Carr Hamilton Grant Rose Perry Akhtar Miah Hudson Kennedy Cunningham Perkins Osborne
Nicholls Rees Bibi Wells Webster Hayes Harding McDonald McCarthy MacDonald McKenzie McLean
FitzGerald Gallagher Doyle Byrne Ryan Quinn Nolan Burke Lynch Daly Connolly Flanagan Kavanagh
Gordon Duncan Ross Reid Hunter Black Ferguson Cameron Burns Wallace Crawford Sutherland Sinclair
Parry Pritchard Probert Bowen Bevan Vaughan Pugh Meredith Llewellyn Gwynne Prosser Beynon
Shah Mahmood Iqbal Rahman Malik Akram Rashid Aziz Sharma Mistry Chowdhury Uddin Sandhu Dhillon
Bains Chaudhry Hussein Islam Rehman Javed Mirza Qureshi Butt Aslam Bashir Rafiq Sheikh Siddiqui
Campbell-Smith Okafor Adeyemi Mensah Boateng Owusu Nwosu Eze Balogun Afolabi Osei Appiah Johnson
Charles Joseph Samuels Blake Bailey-Brown Pinnock Grizzle Bogle Lindo Sewell Wray Facey
Kowalski Nowak Wiśniewski Wójcik Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski
Popescu Ionescu Stan Munteanu Kazlauskas Petrauskas Silva Santos Ferreira García Núñez Müller
Lefèvre Dubois Hoxha Nguyen Tran Chan Wong Cheung Lam
"""

PREFIXED_SURNAMES = (
    "van der Berg", "van den Broek", "de Souza", "de la Cruz", "van Dijk", "von Braun", "Le Fevre",
    "St Clair", "De Freitas", "di Marco", "ap Rhys", "el Hassan", "al Farsi", "dos Santos",
)  # fmt: skip

PLACE_STARTS = """
Ash Black Brad Brook Broad Burn Chad Clay Clif Copp Crow Dun East Ed Fair Farn Fen Gar Green Had
Hal Hart Haw Hay Heath Hol Horn Hurst Ket Kirk Lang Lin Long Lud Mar Mid Mil Moor Nor Oak Old Pem
Pen Rad Red Rock Rush Ry Sand Shel Stan Stock Sut Thorn Wad Wal War West Whit Wick Win Wood
"""

PLACE_ENDS = """
worth field ley ton ham wood well by thorpe wick ford land hurst stone bury dale man bridge croft
more
"""

NICKNAMES = {
    "David": "Dave", "John": "Jack", "Michael": "Mick", "James": "Jim", "Andrew": "Andy",
    "Stephen": "Steve", "Robert": "Bob", "Christopher": "Chris", "Daniel": "Danny",
    "Matthew": "Matt", "Richard": "Rick", "Anthony": "Tony", "Thomas": "Tommy", "Joseph": "Joe",
    "William": "Bill", "Philip": "Phil", "Nicholas": "Nick", "Benjamin": "Ben", "Samuel": "Sam",
    "Terence": "Terry", "Kenneth": "Ken", "Edward": "Ted", "Charles": "Charlie",
    "Jonathan": "Jon", "Patrick": "Paddy", "Susan": "Sue", "Jacqueline": "Jackie",
    "Deborah": "Debbie", "Michelle": "Shell", "Samantha": "Sam", "Victoria": "Vicky",
    "Rebecca": "Becky", "Amanda": "Mandy", "Jennifer": "Jenny", "Catherine": "Cath",
    "Margaret": "Maggie", "Elizabeth": "Liz", "Patricia": "Pat", "Christine": "Chris",
    "Mohammed": "Mo", "Danielle": "Dani", "Natalie": "Nat", "Katie": "Kate", "Steven": "Steve",
    "Peter": "Pete", "Simon": "Si", "Gary": "Gaz", "Darren": "Daz", "Alexander": "Alex",
}  # fmt: skip

# names that nobody in the register has, for people who are not in it
ABSENT_FORENAMES = """
Xanthippe Quillon Zebulon Ignatzio Thelonious Fyodora Umberta Quetzal Wolfgangus Zsazsa Oberon
Perpetua Hyacintha Bartholdy Evangeline Octavian Ulysses Isidora
"""

ABSENT_SURNAMES = """
Zzyzwick Quagliarella Xenopoulos Vukmanovic Tchaikovsky Ibarretxe Yggdrason Umezawa Fjellstrom
Jakhongirov Uzcategui Zubizarreta Kvaratskhel Eyjolfsdottir Oyelaran-Vex Hjalmarsson Qvortrup
Zwierzynek Iglesiaz-Yup Vandersloot
"""


def words(block: str) -> tuple[str, ...]:
    """Split a block of names."""
    return tuple(block.split())
