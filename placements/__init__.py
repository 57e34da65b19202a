"""From certificate to work: employers, vacancies, referrals and what became of people."""
