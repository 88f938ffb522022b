using System.Data.Common;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Badges;
using Laurel.App.Features.Goals;
using Laurel.App.Platform.Localisation;
using Microsoft.Extensions.Localization;

namespace Laurel.App.Features.Notifications;

/// <summary>A notice as a line of a list.</summary>
/// <param name="Family">Art of the badge; null for a group.</param>
public sealed record NoticeLine(
    string Title, string? Text, string Href, DateTimeOffset At, bool IsNew, string? Family, BadgeLevel Level)
{
    /// <summary>Where there is no badge.</summary>
    public string Icon { get; init; } = "sparkle";

    public static List<NoticeLine> Of(
        DbConnection connection, AchievementBook book, AchievementWords words, IStringLocalizer<Ui> L, long person,
        IEnumerable<Notice> notices)
    {
        var seen = NoticeStore.Seen(connection, person);
        var lines = new List<NoticeLine>();
        foreach (var notice in notices)
        {
            var at = DateTimeOffset.FromUnixTimeMilliseconds(notice.At);
            if (notice.Goal is { } goal)
            {
                // What has been decided by the time one looks is on the goal's page; here only what it is about.
                if (GoalStore.Find(connection, goal) is { } kept)
                    lines.Add(new(L[GoalNotices.Title(notice.Kind), book.MetricName(kept.Metric)], null, $"/goals/{goal}", at,
                        notice.Number > seen, null, default)
                    { Icon = "target" });
            }
            else if (notice.Award is not { } key)
            {
                var (badges, times) = EarnedStore.GroupedSize(connection, person, at, notice.Count);
                lines.Add(new(L.Count(badges, "{0} badge from earlier work", "{0} badges from earlier work"),
                    L.Count(times, "Earned {0} time in all, celebrated together.", "Earned {0} times in all, celebrated together."),
                    $"/celebrate/together/{notice.Number}", at, notice.Number > seen, null, default));
            }
            else if (EarnedStore.Find(connection, key) is { } award)
            {
                var achievement = book.Of(award.Achievement);
                lines.Add(new(L["{0} earned", achievement.Title(award.Tier)], words.Because(book, award), $"/celebrate/{key}", at,
                    notice.Number > seen, achievement.Badge, achievement.Level(award.Tier)));
            }
        }
        return lines;
    }
}
