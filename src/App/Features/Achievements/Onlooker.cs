using System.Data.Common;
using Dapper;
using Laurel.App.Features.People;
using Laurel.App.Platform.Access;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Achievements;

/// <summary>
/// Who is looking, and what of the badges of others is seen. Whatever shows or counts badges of several people asks here; what is
/// seen <see cref="Recognition"/> decides, and the conditions that queries carry are made of its answers. For one request.
/// </summary>
public sealed class Onlooker(CurrentPerson me)
{
    private readonly Dictionary<long, bool> held = [];

    /// <summary>Whose achievements may be looked into: with names of what is hidden, with progress and evidence.</summary>
    public DataScope Scope { get; } = me.IsSignedIn && !me.May(Permissions.AchievementsViewTeam)
        ? DataScope.Self(me.Key) : me.ScopeOf(Permissions.AchievementsViewTeam);

    private bool May => me.IsSignedIn && me.May(Permissions.RecognitionView);
    /// <summary>0 where a program asks.</summary>
    public long Key => me.IsSignedIn ? me.Key : 0;

    /// <summary>Whether somebody who shares is open to the reader: anybody, or who is in the same team.</summary>
    private bool Opens(AchievementBook book, bool ofTeam) =>
        Recognition.IsOpen(book.ColleaguesSee, May, new(false, false, ofTeam && me.TeamKey is not null, Shares: true));

    /// <summary>Whether there is anybody else at all whose badges are seen.</summary>
    public bool SeesOthers(AchievementBook book) => Opens(book, ofTeam: true) || IsLeader;

    /// <summary>Sees colleagues of the own team, and of no other.</summary>
    public bool SeesOwnTeamOnly(AchievementBook book) => !IsLeader && !Opens(book, ofTeam: false) && Opens(book, ofTeam: true);

    private bool IsLeader => !me.IsSignedIn || (me.May(Permissions.AchievementsViewTeam) && Scope != DataScope.Self(me.Key));

    /// <summary>A condition that badges of a person are open to the reader. Its parameters come from <see cref="With"/>.</summary>
    /// <param name="person">The name by which the query calls the table of people.</param>
    public string Covers(AchievementBook book, string person) => $"({Scope.Covers($"{person}.key")} OR {OfColleagues(book, person)})";

    private string OfColleagues(AchievementBook book, string person) =>
        Opens(book, ofTeam: false) ? $"{person}.shares_badges = 1"
        : Opens(book, ofTeam: true) ? $"({person}.shares_badges = 1 AND {Team(person)} = @looker_team)"
        : "1 = 0";

    private static string Team(string person) => $"""
        (SELECT looker_t.team FROM person_team looker_t WHERE looker_t.person = {person}.key AND looker_t.from_day <= @looker_day
         ORDER BY looker_t.from_day DESC LIMIT 1)
        """;

    /// <summary>The query's own parameters with those of the condition.</summary>
    public DynamicParameters With(object? parameters = null)
    {
        var all = Scope.With(parameters);
        all.Add("looker_team", me.TeamKey ?? 0);
        all.Add("looker_day", me.IsSignedIn ? me.Today : 0);
        return all;
    }

    /// <summary>
    /// Readers of one circle see the badges of the same people, except their own. For those whose circle holds everybody who shares,
    /// or a team, its name and condition; for the others the reader is the circle.
    /// </summary>
    public (string Name, string Covers, bool HoldsReader) Circle(AchievementBook book, string person)
    {
        if (!IsLeader)
            return (Opens(book, ofTeam: false) ? "all" : Opens(book, ofTeam: true) ? $"team {me.TeamKey}" : "nobody",
                OfColleagues(book, person), me.SharesBadges && Opens(book, ofTeam: true));
        return (Scope == DataScope.Company ? "company" : $"{Scope} {book.ColleaguesSee}", Covers(book, person), true);
    }

    /// <summary>Whether badges of a person are open to the reader, for whoever goes through all people.</summary>
    /// <param name="teamOf">The key of the team that a person is in today.</param>
    public Func<long, bool> Gate(DbConnection connection, AchievementBook book, Func<long, long?> teamOf)
    {
        if (Scope == DataScope.Company) return _ => true;
        var scope = connection.Query<long>($"SELECT p.key FROM person p WHERE {Scope.Covers("p.key")}", Scope.With()).ToHashSet();
        var closed = connection.Query<long>("SELECT key FROM person WHERE shares_badges = 0").ToHashSet();
        return person => IsOpen(book, new(
            person == Key, scope.Contains(person), me.TeamKey is { } team && teamOf(person) == team, !closed.Contains(person)));
    }

    /// <summary>Whose achievements are asked for: the reader's own, or somebody's in the scope; null where that may not be.</summary>
    public PersonName? Subject(DbConnection connection, string? person, Workday today)
    {
        if (string.IsNullOrEmpty(person) || string.Equals(person, me.Id, StringComparison.Ordinal))
            return new(me.Key, me.Id, me.Name, me.TeamName, true);
        return PeopleNames.Find(connection, person, today) is { } other && PeopleNames.InScope(connection, Scope, other.Key) ? other : null;
    }

    public Regard Regard(DbConnection connection, long person) =>
        Regards(connection, [person]).GetValueOrDefault(person);

    /// <summary>How people stand to the reader.</summary>
    public Dictionary<long, Regard> Regards(DbConnection connection, IReadOnlyCollection<long> people) =>
        connection.Query<(long Key, long InScope, long OfTeam, long Shares)>(
            $"""
            SELECT p.key, CASE WHEN {Scope.Covers("p.key")} THEN 1 ELSE 0 END,
              CASE WHEN {Team("p")} = @looker_team THEN 1 ELSE 0 END, p.shares_badges
            FROM person p WHERE {Dialect.Of(connection).Among("p.key", "people")}
            """, With(new { people = people.ToArray() }))
            .ToDictionary(r => r.Key, r => new Regard(
                me.IsSignedIn && r.Key == me.Key, r.InScope != 0, me.TeamKey is not null && r.OfTeam != 0, r.Shares != 0));

    public bool IsOpen(AchievementBook book, Regard person) => Recognition.IsOpen(book.ColleaguesSee, May, person);

    /// <summary>What is seen of an achievement that the person has earned.</summary>
    public BadgeSight Sight(DbConnection connection, AchievementBook book, Regard person, Achievement achievement) => Recognition.Of(
        book.ColleaguesSee, May, person, IsSecret(connection, book, achievement), achievement.IsPrivate);

    /// <summary>Whether it has no name for the reader, going by what the reader has earned.</summary>
    public bool IsSecret(DbConnection connection, AchievementBook book, Achievement achievement) => book.IsSecret(achievement,
        key => held.TryGetValue(key.Value, out var holds)
            ? holds
            : held[key.Value] = me.IsSignedIn && EarnedStore.Holds(connection, Key, key));
}
