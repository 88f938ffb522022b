using System.Data.Common;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Badges;
using Laurel.App.Features.Goals;
using Laurel.App.Platform.Localisation;
using Microsoft.Extensions.Localization;

namespace Laurel.App.Features.Notifications;

/// <summary>A notice as a line of a list.</summary>
/// <param name="Family">Art of the badge; null where there is none, but an icon.</param>
public sealed record NoticeLine(
    long Number, string Title, string? Text, string Href, DateTimeOffset At, bool IsNew, NoticeKind Kind, string? Family = null,
    BadgeLevel Level = default)
{
    public static List<NoticeLine> Of(
        DbConnection connection, AchievementBook book, AchievementWords words, IStringLocalizer<Ui> L, long person,
        IEnumerable<Notice> notices) =>
        [.. notices.Select(notice => Of(connection, book, words, L, person, notice)).OfType<NoticeLine>()];

    /// <summary>Null where what it is about is not there any more.</summary>
    public static NoticeLine? Of(
        DbConnection connection, AchievementBook book, AchievementWords words, IStringLocalizer<Ui> L, long person, Notice notice)
    {
        var (kind, at) = (NoticeKind.Of(notice.Kind), DateTimeOffset.FromUnixTimeMilliseconds(notice.At));
        if (notice.Goal is { } goal)
        {
            // What has been decided by the time one looks is on the goal's page; here only what it is about.
            return GoalStore.Find(connection, goal) is not { } kept ? null
                : new(notice.Number, L[GoalNotices.Title(notice.Kind), book.MetricName(kept.Metric)], null, $"/goals/{goal}", at,
                    notice.IsUnread, kind);
        }
        if (notice.Award is not { } key)
        {
            var (badges, times) = EarnedStore.GroupedSize(connection, person, at, notice.Count);
            return new(notice.Number, L.Count(badges, "{0} badge from earlier work", "{0} badges from earlier work"),
                L.Count(times, "Earned {0} time in all, celebrated together.", "Earned {0} times in all, celebrated together."),
                $"/celebrate/together/{notice.Number}", at, notice.IsUnread, kind);
        }
        if (EarnedStore.Find(connection, key) is not { } award) return null;
        var achievement = book.Of(award.Achievement);
        return new(notice.Number, L["{0} earned", achievement.Title(award.Tier)], words.Because(book, award), $"/celebrate/{key}", at,
            notice.IsUnread, kind, achievement.Badge, achievement.Level(award.Tier));
    }
}
