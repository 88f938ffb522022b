using System.Data.Common;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.Recalculation;

/// <summary>What a page, a program or the command line asks for, as it was written.</summary>
/// <param name="Achievements">Ids; all that can be decided anew where there are none.</param>
/// <param name="By">See <see cref="OfEachDay"/> and <see cref="Newest"/>.</param>
/// <param name="People">Ids of people, and <paramref name="Teams"/> of teams as they are today; everybody where there are neither.</param>
public sealed record AskedRange(
    IReadOnlyList<string> Achievements, string? From, string? To, string? By, IReadOnlyList<string> People, IReadOnlyList<string> Teams)
{
    public const string OfEachDay = "each-day", Newest = "newest";

    /// <summary>Why it cannot be; of a field of this record.</summary>
    public readonly record struct Refusal(string Field, string Text);

    /// <summary>What it asks for, or why it cannot be.</summary>
    public (Wanted? Wanted, Refusal? Refusal) Read(DbConnection connection, AchievementBook book, Workday today)
    {
        var open = Choices(book);
        foreach (var id in Achievements)
            if (open.All(a => a.Id != id))
                return (null, new(nameof(Achievements), book.Find(id) is null
                    ? $"there is no achievement '{id}'{Suggestion.Hint(id, open.Select(a => a.Id))}"
                    : $"'{id}' is not decided by what was counted: awards by hand and draws are recorded facts"));
        if (By is not (null or OfEachDay or Newest)) return (null, new(nameof(By), $"expected {OfEachDay} or {Newest}, not '{By}'"));
        if (From is null || Workday.Parse(From) is not { } first)
            return (null, new(nameof(From), "a workday is expected, such as 2026-03-01"));
        var last = string.IsNullOrEmpty(To) ? today : Workday.Parse(To);
        if (last is not { } until) return (null, new(nameof(To), "a workday is expected, such as 2026-03-31"));
        if (until < first) return (null, new(nameof(To), "the range ends before it begins"));
        if (first > today) return (null, new(nameof(From), "the range lies in the future"));
        var byNewest = By == Newest;
        if (byNewest && People.Count + Teams.Count > 0)
            return (null, new(nameof(By), "one set of conditions judges everybody: the newest ones cannot be for some people only"));
        var (people, refusal) = Somebody(connection, book.Snapshot.Floor, today);
        if (refusal is not null) return (null, refusal);
        return (new(
            [.. open.Where(a => Achievements.Count == 0 || Achievements.Contains(a.Id, StringComparer.Ordinal)).Select(a => a.Key)],
            people, new(first, byNewest && until >= today ? Workday.End : until), byNewest), null);
    }

    private (IReadOnlyList<PersonKey>? People, Refusal? Refusal) Somebody(DbConnection connection, Floor floor, Workday today)
    {
        if (People.Count + Teams.Count == 0) return (null, null);
        var people = new HashSet<PersonKey>();
        foreach (var id in People)
            if (floor.Person(id) is { } person) people.Add(person.Key);
            else return (null, new(nameof(People), $"there is no person '{id}'"));
        var teams = connection.Query<(string Id, long Key)>("SELECT id, key FROM team").ToDictionary(t => t.Id, t => t.Key);
        foreach (var id in Teams)
            if (teams.TryGetValue(id, out var team))
                people.UnionWith(floor.People.Where(p => p.Places.On(today).Team == team).Select(p => p.Key));
            else return (null, new(nameof(Teams), $"there is no team '{id}'{Suggestion.Hint(id, teams.Keys)}"));
        return ([.. people.Order()], null);
    }

    /// <summary>What can be decided anew, in the organisation's order.</summary>
    public static IReadOnlyList<Achievement> Choices(AchievementBook book) =>
        [.. book.All.Where(a => !a.IsArchived && book.History(a) is { } rule && !rule.Current.IsDrawn() && a.Spans.Any(s => !s.IsEmpty))];
}
