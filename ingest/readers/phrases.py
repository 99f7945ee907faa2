"""The words by which lines and boxes that belong to no article are known, on any site in English."""

import re

# A whole line, or its beginning where the pattern does not end in `$`.
_LINES = (
    r"skip to\b.{0,50}$",
    r"jump to (content|navigation)",
    r"(\d+|one|two|five|ten) ?min(ute)?s?['’]?[ -]?(to )?read\b.{0,20}$",
    r"(reading time|time to read)\b.{0,20}$",
    r"\d+ (documents?|downloads?|attachments?)$",
    r"(published|posted|updated|last (updated|modified|reviewed)|date)( on)?:? .{3,60}$",
    r"(filed under|tags?|tagged( with)?|categor(y|ies)|topics?):",
    r"(photo|image|picture|illustration)s?( credits?| by)?:",
    r"(read|find out|learn) (more|next|on)\b.{0,60}$",
    r"back to (top|.{3,30})$",
    r"(view|see) (all|more)\b.{0,30}$",
    r"download\b.{0,80}(\(|pdf|\d ?[mk]b)",
    r"you are here",
    r"©|copyright\b|all rights reserved",
    r".{0,40}\bis a registered charity\b|registered (charity|office|company)",
    r".{0,40}\b(privacy policy|terms (and|&) conditions)\b.{0,60}$",
    r"(we|this (web)?site) uses? cookies",
    r"accept( all)?( cookies)?$|manage (preferences|cookies)",
    r"copy link$",
    r"(tweet|share|email|print)( this| on| via| to| with)?( \w+){0,5}$",
    r"follow us on .{3,40}$",
    r"(book|register|sign up|apply|nominate|donate|join|tickets|vote|subscribe)( (now|today|here|online))?$",
    r"your email address will not be published|required fields are marked|notify me of follow-up",
    r"please (enable|turn on) javascript",
    r"(advertisement|loading( \.\.\.|…)?|play( video)?|previous|next|search|menu|close)$",
)
_THINGS = "reports?|posts?|news|blogs?|articles?|case studies|stories|resources|content|pages|insights?"
# A heading over what other articles say, or over a form.
_OTHERS = (
    rf"(related|similar|latest|recent|popular|featured|further|other|more)\s+(\w+\s)?({_THINGS})$",
    r"more (like this|from (us|the blog|\w+))$",
    r"you (may|might) also",
    r"(what to )?read next|next up$|recommended( for you)?$|most (read|popular|viewed)|trending",
    r"leave a (reply|comment)|(\d+ )?comments?$|\d+ (responses|replies)$|recent comments",
    r"share (this|on|via)",
    r"sign up|stay in touch|keep in touch|follow us|latest tweets",
    r"(join|subscribe to) our|(our )?newsletter",
)
# Words in the class or id of an element.
_NAMES = (
    "nav|navbar|navigation|menu|breadcrumbs?|crumbs|pagination|pager|skip",
    "footer|colophon|sidebar|widget area",
    "cookies?|consent|gdpr|modal|popup|toast|promo|advert|ads",
    "shar(e|ing)|sharedaddy|social|newsletter|signup|subscribe|comments?|respond",
    "related|relatedposts|tags?|tagcloud|pull-?quote",
    "print only|offscreen|screen reader text|sr only|visually hidden",
)

LINE = re.compile("|".join(_LINES), re.IGNORECASE)
OTHERS = re.compile("|".join(_OTHERS), re.IGNORECASE)
NAME = re.compile(rf"\b({'|'.join(_NAMES)})\b")
