"""HTTP as it travels: requests, redirects, logins and answers, over curl in our loop."""
