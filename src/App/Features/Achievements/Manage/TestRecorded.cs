using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Laurel.App.Features.Projects;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.Achievements.Manage;

/// <summary>Who would have been the first in a project.</summary>
/// <param name="Person">Name; null where the viewer's scope does not tell it.</param>
public sealed record TestedFirst(string Project, string? Person, Workday Day);

/// <summary>What a chance comes to: draws with somebody online, and how many of them somebody wins on the average.</summary>
public sealed record TestedChance(int Draws, decimal Expected);

/// <summary>What rules whose awards are recorded facts would have recorded: firsts in projects, and draws.</summary>
public static class TestRecorded
{
    /// <summary>
    /// What past draws are tried with: the SHA-256 of this text. So that looking twice shows the same, and nobody can look until it suits.
    /// </summary>
    public const string Seed = "laurel backtest";

    /// <summary>By projects as they were made, from the rule's first workday on.</summary>
    public static Dictionary<PersonKey, List<(Workday Day, string Project)>> Firsts(
        DbConnection connection, Snapshot snapshot, RuleHistory rule, Workday last)
    {
        var won = new Dictionary<PersonKey, List<(Workday, string)>>();
        foreach (var (key, name, day) in connection.Query<(long, string, int)>(
            "SELECT key, name, day FROM project WHERE day >= @from AND day <= @last ORDER BY day, key",
            new { from = Workday.Max(rule.CountsFrom, rule.Horizon).Number, last = last.Number }).ToList())
        {
            var made = new Workday(day);
            if (FirstsInProjects.First(connection, null, snapshot, key, FirstInProjectDecision.TypesFor(rule, made), rule.Horizon)
                is not { } first) continue;
            var done = NameProjects.DayOf(snapshot, first.Order.At);
            if (!FirstInProjectDecision.Wins(rule, made, done)) continue;
            if (!won.TryGetValue(first.Person, out var own)) won[first.Person] = own = [];
            own.Add((done, name));
        }
        return won;
    }

    /// <summary>A draw on each workday of the window, at the rule's time, among those who were online then as is recorded.</summary>
    public static (Dictionary<PersonKey, List<Workday>> Won, TestedChance? Chance) Drawn(
        DbConnection connection, Snapshot snapshot, RuleHistory rule, WorkdaySpan window, long now)
    {
        var (won, draws, draw) = (new Dictionary<PersonKey, List<Workday>>(), 0, (LuckyDraw)rule.Current);
        var seed = SHA256.HashData(Encoding.UTF8.GetBytes(Seed));
        if (snapshot.Floor.Site is not { } home) return (won, new(0, 0));
        for (var day = Workday.Max(window.First, rule.CountsFrom); day <= window.Last; day = day.Plus(1))
        {
            var at = draw.At(home.Clock.Zone, day);
            if (at > now) break;
            var online = Draws.Online(connection, null, snapshot, at).People
                .Where(p => p.Places.IsIn(rule.Versions[^1].Audience, p.WorkdayOf(at).Day)).ToList();
            if (online.Count == 0) continue;
            draws++;
            var record = new DrawRecord("backtest", day, draw.Chance, [.. online.Select(p => p.Id).Order(StringComparer.Ordinal)]);
            if (DrawDecision.Winner(seed, record) is not { } id) continue;
            var winner = online.First(p => p.Id == id).Key;
            if (!won.TryGetValue(winner, out var own)) won[winner] = own = [];
            own.Add(day);
        }
        return (won, new(draws, draws * (decimal)draw.Chance.Wins / draw.Chance.Of));
    }
}
