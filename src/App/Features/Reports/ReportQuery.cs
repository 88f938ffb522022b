using System.Data.Common;
using System.Globalization;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Achievements.Manage;
using Laurel.App.Features.Team;
using Laurel.App.Platform.Access;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.Reports;

/// <summary>What an address asks of the reports, as far as there is such a thing.</summary>
/// <param name="Team">The key of one team; null for all of the scope.</param>
/// <param name="IsNameless">The works council's view.</param>
/// <param name="Around">Id of an achievement, or an area, whose switching on is compared with.</param>
public sealed record ReportQuery(int Weeks, string? Area, long? Team, int StaleDays, bool IsNameless, string? Around)
{
    public static readonly IReadOnlyList<int> Spans = [13, 26, ReportFacts.WeekCount], Stales = [30, 60, 90];

    public static ReportQuery Read(string? weeks, string? area, string? team, string? stale, string? view, string? around) => new(
        Whole(weeks) is { } span && Spans.Contains(span) ? span : Spans[0],
        area is not null && ManagedWords.Areas.Contains(area, StringComparer.Ordinal) ? area : null,
        // Without names there is no looking at one team alone.
        view == "council" ? null : Whole(team), Whole(stale) is { } days && Stales.Contains(days) ? days : Stales[0], view == "council",
        string.IsNullOrEmpty(around) ? null : around);

    public RecognitionReport Open(DbConnection connection, ReportFacts facts, CurrentPerson me, Workday today)
    {
        var scope = me.ScopeOf(Permissions.ReportsView);
        // Reports count teams: of one that is seen in part nothing is told.
        var seen = scope == DataScope.Company ? null : TeamStore.Whole(connection, scope, today).Select(t => t.Key).ToHashSet();
        // One that is not in the scope is none.
        var teams = Team is { } one ? seen is null || seen.Contains(one) ? new HashSet<long> { one } : [] : seen;
        return facts.Report(
            new(Weeks, teams, Area, StaleDays, IsNameless ? RecognitionSettings.Group(connection) : null), today);
    }

    /// <summary>The first workday on which the achievement, or any of the area, was on.</summary>
    public Workday? Began(AchievementBook book)
    {
        if (Around is null) return null;
        var spans = book.Present.Where(a => a.Id == Around || a.Area == Around).SelectMany(a => a.Spans).Select(s => s.From).ToList();
        return spans.Count == 0 ? null : spans.Min();
    }

    private static int? Whole(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
