"""Police forces and prisons of England and Wales, with the region that each lies in."""

REGIONS = (
    "north_east", "north_west", "yorkshire_and_the_humber", "east_midlands", "west_midlands",
    "east_of_england", "london", "south_east", "south_west", "wales",
)  # fmt: skip

# police force, region, people in each thousand of the register
POLICE_FORCES = (
    ("Avon and Somerset", "south_west", 27), ("Bedfordshire", "east_of_england", 11),
    ("Cambridgeshire", "east_of_england", 13), ("Cheshire", "north_west", 17),
    ("City of London", "london", 1), ("Cleveland", "north_east", 14),
    ("Cumbria", "north_west", 9), ("Derbyshire", "east_midlands", 18),
    ("Devon and Cornwall", "south_west", 27), ("Dorset", "south_west", 12),
    ("Durham", "north_east", 12), ("Dyfed-Powys", "wales", 8),
    ("Essex", "east_of_england", 27), ("Gloucestershire", "south_west", 10),
    ("Greater Manchester", "north_west", 59), ("Gwent", "wales", 11),
    ("Hampshire", "south_east", 33), ("Hertfordshire", "east_of_england", 17),
    ("Humberside", "yorkshire_and_the_humber", 19), ("Kent", "south_east", 29),
    ("Lancashire", "north_west", 30), ("Leicestershire", "east_midlands", 18),
    ("Lincolnshire", "east_midlands", 11), ("Merseyside", "north_west", 31),
    ("Metropolitan Police", "london", 150), ("Norfolk", "east_of_england", 13),
    ("North Wales", "wales", 13), ("North Yorkshire", "yorkshire_and_the_humber", 11),
    ("Northamptonshire", "east_midlands", 13), ("Northumbria", "north_east", 31),
    ("Nottinghamshire", "east_midlands", 23), ("South Wales", "wales", 27),
    ("South Yorkshire", "yorkshire_and_the_humber", 28), ("Staffordshire", "west_midlands", 20),
    ("Suffolk", "east_of_england", 11), ("Surrey", "south_east", 13),
    ("Sussex", "south_east", 24), ("Thames Valley", "south_east", 33),
    ("Warwickshire", "west_midlands", 8), ("West Mercia", "west_midlands", 19),
    ("West Midlands", "west_midlands", 56), ("West Yorkshire", "yorkshire_and_the_humber", 49),
    ("Wiltshire", "south_west", 9),
)  # fmt: skip

# establishment, region
ESTABLISHMENTS = (
    ("Altcourse", "north_west"), ("Bedford", "east_of_england"), ("Belmarsh", "london"),
    ("Birmingham", "west_midlands"), ("Bristol", "south_west"), ("Brixton", "london"),
    ("Bullingdon", "south_east"), ("Bure", "east_of_england"), ("Cardiff", "wales"),
    ("Chelmsford", "east_of_england"), ("Deerbolt", "north_east"),
    ("Doncaster", "yorkshire_and_the_humber"), ("Dovegate", "west_midlands"),
    ("Durham", "north_east"), ("Eastwood Park", "south_west"), ("Elmley", "south_east"),
    ("Exeter", "south_west"), ("Feltham", "london"), ("Forest Bank", "north_west"),
    ("Foston Hall", "east_midlands"), ("Glen Parva", "east_midlands"), ("Hewell", "west_midlands"),
    ("High Down", "south_east"), ("Holloway", "london"),
    ("Holme House", "north_east"), ("Hull", "yorkshire_and_the_humber"),
    ("Leeds", "yorkshire_and_the_humber"), ("Leicester", "east_midlands"),
    ("Lewes", "south_east"), ("Lincoln", "east_midlands"), ("Liverpool", "north_west"),
    ("Low Newton", "north_east"), ("Manchester", "north_west"),
    ("New Hall", "yorkshire_and_the_humber"), ("Norwich", "east_of_england"),
    ("Nottingham", "east_midlands"), ("Parc", "wales"), ("Pentonville", "london"),
    ("Preston", "north_west"), ("Rochester", "south_east"), ("Styal", "north_west"),
    ("Swansea", "wales"), ("Thameside", "london"), ("Wandsworth", "london"),
    ("Winchester", "south_east"), ("Wormwood Scrubs", "london"), ("Usk", "wales"),
)  # fmt: skip
