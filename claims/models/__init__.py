"""The domain's rows. Every one knows its newsroom; invariants are constraints and triggers, named as facts."""

from claims.models.account import RecoveryCode, SecondFactor, SignIn
from claims.models.addition import Addition
from claims.models.alias import Alias
from claims.models.archive import ArchiveFile
from claims.models.archivejob import ArchiveJob, SnapshotFault
from claims.models.article import Article, Door
from claims.models.assessment import Assessment
from claims.models.chat import Chat, ChatPost
from claims.models.checkworthiness import CheckworthinessModel
from claims.models.claim import Claim
from claims.models.complaint import Complaint
from claims.models.consultation import Consultation, Job, ModelCall
from claims.models.deadline import Escalation, Handback
from claims.models.earlier import EarlierCheck
from claims.models.evidence import Evidence, Hit, Lookup
from claims.models.following import FollowedItem, FollowedSource, Reach
from claims.models.interest import Interest, Recusal
from claims.models.kept_answer import KeptAnswer
from claims.models.key import ApiKey
from claims.models.ledger import LedgerAnchor, LedgerEntry
from claims.models.mail import Mail, NoticePreference, RefusedAddress, Rhythm
from claims.models.newsroom import Membership, Newsroom, User
from claims.models.occurrence import Occurrence
from claims.models.origin import OriginEdge
from claims.models.policy import Policy, Tick
from claims.models.publication import Correction, Publication, Recheck, Watch
from claims.models.rating import Rating
from claims.models.renewal import LateFinding, Renewal
from claims.models.reply import Reply
from claims.models.review import Contribution, Review
from claims.models.schedule import Schedule
from claims.models.sharing import CoSignature, Takeover
from claims.models.source import Document, Publisher
from claims.models.step import Step
from claims.models.talk import Comment, Errand, Notice
from claims.models.timetable import JobRun, ScheduledJob
from claims.models.turn import Turn
from claims.models.usage import KeyUsage
from claims.models.verdict import Verdict
from claims.models.view import SavedView
from claims.models.webhook import CallbackCursor, Delivery, Webhook

__all__ = [
    "Addition",
    "Alias",
    "ApiKey",
    "ArchiveFile",
    "ArchiveJob",
    "Article",
    "Assessment",
    "CallbackCursor",
    "Chat",
    "ChatPost",
    "CheckworthinessModel",
    "Claim",
    "CoSignature",
    "Comment",
    "Complaint",
    "Consultation",
    "Contribution",
    "Correction",
    "Delivery",
    "Document",
    "Door",
    "EarlierCheck",
    "Errand",
    "Escalation",
    "Evidence",
    "FollowedItem",
    "FollowedSource",
    "Handback",
    "Hit",
    "Interest",
    "Job",
    "JobRun",
    "KeptAnswer",
    "KeyUsage",
    "LateFinding",
    "LedgerAnchor",
    "LedgerEntry",
    "Lookup",
    "Mail",
    "Membership",
    "ModelCall",
    "Newsroom",
    "Notice",
    "NoticePreference",
    "Occurrence",
    "OriginEdge",
    "Policy",
    "Publication",
    "Publisher",
    "Rating",
    "Reach",
    "Recheck",
    "RecoveryCode",
    "Recusal",
    "RefusedAddress",
    "Renewal",
    "Reply",
    "Review",
    "Rhythm",
    "SavedView",
    "Schedule",
    "ScheduledJob",
    "SecondFactor",
    "SignIn",
    "SnapshotFault",
    "Step",
    "Takeover",
    "Tick",
    "Turn",
    "User",
    "Verdict",
    "Watch",
    "Webhook",
]
