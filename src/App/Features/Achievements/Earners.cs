using System.Data.Common;
using Dapper;
using Laurel.App.Platform.Access;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.Achievements;

/// <summary>
/// Who can earn badges, wherever a share of them is told: whoever is active, in the audience, and an agent or the holder of a badge.
/// Administrators without any work would make every badge look rare.
/// </summary>
public static class Earners
{
    /// <summary>A condition of a query, but for the audience, which days decide.</summary>
    /// <param name="person">The name by which the query calls the table of people.</param>
    public static string Are(string person) =>
        $"{person}.active = 1 AND ({Roles.AreAgents($"{person}.role")} OR EXISTS (SELECT 1 FROM holding earner "
        + $"JOIN present_achievement here ON here.key = earner.achievement WHERE earner.person = {person}.key))";

    public static HashSet<long> Keys(DbConnection connection, string covers, object parameters) =>
        [.. connection.Query<long>($"SELECT p.key FROM person p WHERE {Are("p")} AND {covers}", parameters)];

    /// <summary>Whether the audience of the newest version has the person today; always, where there is none.</summary>
    public static bool IsInAudience(AchievementBook book, Achievement achievement, long person, Workday today) =>
        IsInAudience(book.Snapshot.Floor, book.History(achievement)?.Versions[^1].Audience, person, today);

    public static bool IsInAudience(Platform.Catalogue.Floor floor, Audience? audience, long person, Workday today) =>
        audience is null || (floor.Person(new PersonKey(person)) is { } facts && facts.Places.IsIn(audience, today));
}
