using System.Data.Common;
using Dapper;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.Achievements;

/// <summary>What switching an achievement on or off must know.</summary>
/// <param name="Name">As stored, by language.</param>
public sealed record SwitchedAchievement(
    AchievementKey Key, string Name, bool IsManual, Workday CountsFrom, IReadOnlyList<EnabledSpan> Spans)
{
    /// <summary>Where its first enabled span begins. What is given by hand has no history.</summary>
    public Workday FirstDay(Workday today) => IsManual ? today : CountsFrom;
}

/// <summary>The SQL of enabled spans.</summary>
public static class SwitchedStore
{
    public static SwitchedAchievement? Find(DbConnection connection, DbTransaction transaction, AchievementKey achievement)
    {
        var row = connection.QueryFirstOrDefault<(string Name, string Type, int CountsFrom)?>(
            "SELECT name, type, counts_from FROM achievement WHERE key = @Value", new { achievement.Value }, transaction);
        if (row is not { } known) return null;
        var spans = connection.Query<(int From, int? Until)>(
            "SELECT from_day, until FROM achievement_span WHERE achievement = @Value ORDER BY from_day",
            new { achievement.Value }, transaction)
            .Select(s => new EnabledSpan(new(s.From), s.Until is { } until ? new Workday(until) : null));
        return new(achievement, known.Name, known.Type == "manual", new(known.CountsFrom), [.. spans]);
    }

    public static void Save(
        DbConnection connection, DbTransaction transaction, AchievementKey achievement, IReadOnlyList<EnabledSpan> spans)
    {
        connection.Execute("DELETE FROM achievement_span WHERE achievement = @Value", new { achievement.Value }, transaction);
        connection.Execute("INSERT INTO achievement_span (achievement, from_day, until) VALUES (@Value, @from, @until)",
            spans.Select(s => new { achievement.Value, from = s.From.Number, until = s.Until?.Number }), transaction);
    }
}
