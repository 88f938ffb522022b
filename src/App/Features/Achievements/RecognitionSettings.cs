using System.Data.Common;
using System.Globalization;
using Dapper;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Achievements;

namespace Laurel.App.Features.Achievements;

/// <summary>The organisation's settings of who sees what of recognition, and each person's own word in it.</summary>
public static class RecognitionSettings
{
    /// <summary>The setting's name in the database, in setup files and in the audit log.</summary>
    public const string Colleagues = "colleagues-badges";

    /// <summary>The least number of people that a report without names tells of.</summary>
    public const string SmallestGroup = "smallest-group";
    public const int UsualGroup = 5, LeastGroup = 3, MostGroup = 100;

    /// <summary>As files and the database write it.</summary>
    public static readonly IReadOnlyList<(string Word, ColleaguesSee Value)> Words =
        [("nobody", ColleaguesSee.Nobody), ("own-team", ColleaguesSee.OwnTeam), ("all", ColleaguesSee.Everybody)];

    public static string Word(this ColleaguesSee value) => Words.First(w => w.Value == value).Word;

    public static ColleaguesSee? Find(string? word) =>
        Words.Where(w => string.Equals(w.Word, word, StringComparison.Ordinal)).Select(w => (ColleaguesSee?)w.Value).FirstOrDefault();

    public static ColleaguesSee Setting(DbConnection connection, DbTransaction? transaction = null) =>
        Find(Kept(connection, transaction, Colleagues)) ?? ColleaguesSee.Everybody;

    public static int Group(DbConnection connection, DbTransaction? transaction = null) =>
        int.TryParse(Kept(connection, transaction, SmallestGroup), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            ? size : UsualGroup;

    public static void Change(DbConnection connection, DbTransaction transaction, int group, Actor actor, long now)
    {
        var change = Set(connection, transaction, SmallestGroup, Said(Group(connection, transaction)), Said(group));
        if (change.IsReal) Audit.Write(connection, transaction, actor, now, "setting.changed", SmallestGroup, change);
    }

    public static string Said(int group) => group.ToString(CultureInfo.InvariantCulture);

    /// <summary>What is set, null where nothing is.</summary>
    public static string? Kept(DbConnection connection, DbTransaction? transaction, string setting) =>
        connection.ExecuteScalar<string?>("SELECT value FROM setting WHERE name = @setting", new { setting }, transaction);

    /// <summary>Whether it is another value than before.</summary>
    public static Change Set(DbConnection connection, DbTransaction transaction, string setting, string before, string after)
    {
        var change = new Change(setting, before, after);
        if (change.IsReal)
            connection.Execute(
                "INSERT INTO setting (name, value) VALUES (@setting, @after) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                new { setting, after }, transaction);
        return change;
    }

    public static void Change(DbConnection connection, DbTransaction transaction, ColleaguesSee value, Actor actor, long now)
    {
        Rulebook.Hold(connection, transaction);
        var change = Set(connection, transaction, Colleagues, Setting(connection, transaction).Word(), value.Word());
        if (!change.IsReal) return;
        Audit.Write(connection, transaction, actor, now, "setting.changed", Colleagues, change);
        // All nodes read the book of achievements anew.
        Rulebook.TouchRules(connection, transaction);
    }

    /// <summary>A person's own word: whether colleagues see the badges. Not for the audit log: it is nobody else's business.</summary>
    public static void Share(DbConnection connection, DbTransaction transaction, long person, bool shares) => connection.Execute(
        "UPDATE person SET shares_badges = @shares WHERE key = @person", new { person, shares = shares ? 1 : 0 }, transaction);
}
