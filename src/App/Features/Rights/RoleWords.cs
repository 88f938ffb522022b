using System.Data.Common;
using Dapper;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Localisation;
using Microsoft.Extensions.Localization;

namespace Laurel.App.Features.Rights;

/// <summary>Roles and grants in the reader's language.</summary>
public static class RoleWords
{
    /// <summary>Permissions that a role may hold, in their order.</summary>
    public static IEnumerable<string> Shown => Permissions.All.Where(p => !Permissions.OfKeysAlone.Contains(p));

    /// <summary>The same without those of achievements while there are none; they stay granted as they are.</summary>
    public static IEnumerable<string> ShownTo(CurrentPerson reader) => Shown.Where(p => !(reader.AchievementsAreOff
        && (Permissions.OfAchievements.Contains(p) || p == Permissions.RecognitionView)));

    /// <summary>By language code; without what was not typed.</summary>
    public static IReadOnlyDictionary<string, string> Names(string? english, string? lithuanian)
    {
        var names = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["en"] = english?.Trim() ?? "" };
        if (lithuanian?.Trim() is { Length: > 0 } lt) names["lt"] = lt;
        return names;
    }

    /// <summary>"Own team"; "yes" where there is no reach to choose.</summary>
    public static string Short(IStringLocalizer<Ui> L, string permission, DataReach reach) =>
        L[Permissions.Reaching.Contains(permission) ? reach.Title() : Ui.Text("yes")];

    /// <summary>One permission that changes, as a sentence.</summary>
    public static string Change(IStringLocalizer<Ui> L, GrantChange change)
    {
        var what = L[PermissionWords.Of(change.Permission)].Value;
        var reaches = Permissions.Reaching.Contains(change.Permission);
        return change switch
        {
            { After: null } => L["{0}: not any more.", what],
            { Before: null, After: { } after } when reaches => L["{0}: from now on, of: {1}.", what, L[after.Title()]],
            { Before: null } => L["{0}: from now on.", what],
            { Before: { } before, After: { } after } => L["{0}: of {1} in place of {2}.", what, L[after.Title()], L[before.Title()]],
        };
    }

    /// <summary>How many active people have each role.</summary>
    public static Dictionary<string, long> People(DbConnection connection) => connection.Query<(string Role, long Count)>(
        "SELECT role, count(*) FROM person WHERE active = 1 GROUP BY role").ToDictionary(r => r.Role, r => r.Count, StringComparer.Ordinal);
}
