using System.Data.Common;
using Dapper;
using Laurel.App.Features.Achievements.Kinds;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.Achievements;

/// <summary>What switching an achievement on or off must know.</summary>
/// <param name="Name">As stored, by language.</param>
/// <param name="History">First workday that counts; null for the day of enabling. What is given by hand has no history.</param>
public sealed record SwitchedAchievement(
    AchievementKey Key, string Name, bool IsManual, Workday? History, IReadOnlyList<EnabledSpan> Spans)
{
    /// <summary>Switched on while its area is off.</summary>
    public bool IsWaiting { get; init; }
    public bool IsAreaOff { get; init; }
}

/// <summary>The SQL of enabled spans.</summary>
public static class SwitchedStore
{
    public static SwitchedAchievement? Find(DbConnection connection, DbTransaction transaction, AchievementKey achievement)
    {
        var row = connection.QueryFirstOrDefault<(string Name, string Type, int CountsFrom, int FromEnabling, int Waiting, int AreaOff)?>(
            """
            SELECT name, type, counts_from, from_enabling, waiting, CASE WHEN area IN (SELECT area FROM area_off) THEN 1 ELSE 0 END
            FROM achievement WHERE key = @Value
            """, new { achievement.Value }, transaction);
        if (row is not { } known) return null;
        var spans = connection.Query<(int From, int? Until)>(
            "SELECT from_day, until FROM achievement_span WHERE achievement = @Value ORDER BY from_day",
            new { achievement.Value }, transaction)
            .Select(s => new EnabledSpan(new(s.From), s.Until is { } until ? new Workday(until) : null));
        var isManual = RuleKinds.Named(known.Type).IsByHand;
        return new(achievement, known.Name, isManual, isManual || known.FromEnabling != 0 ? null : new(known.CountsFrom), [.. spans])
        {
            IsWaiting = known.Waiting != 0, IsAreaOff = known.AreaOff != 0,
        };
    }

    public static void Wait(DbConnection connection, DbTransaction transaction, AchievementKey achievement, bool waits) =>
        connection.Execute("UPDATE achievement SET waiting = @waits WHERE key = @Value",
            new { achievement.Value, waits = waits ? 1 : 0 }, transaction);

    /// <summary>History counts from this workday, and the first version is effective from it unless another one is by then.</summary>
    public static void Begin(DbConnection connection, DbTransaction transaction, AchievementKey achievement, Workday first)
    {
        var of = new { achievement.Value, first = first.Number };
        connection.Execute("UPDATE achievement SET counts_from = @first WHERE key = @Value", of, transaction);
        connection.Execute(
            """
            UPDATE achievement_version SET effective = @first WHERE achievement = @Value AND number = 1
              AND NOT EXISTS (SELECT 1 FROM achievement_version l WHERE l.achievement = @Value AND l.number > 1 AND l.effective <= @first)
            """, of, transaction);
    }

    public static void Save(
        DbConnection connection, DbTransaction transaction, AchievementKey achievement, IReadOnlyList<EnabledSpan> spans)
    {
        connection.Execute("DELETE FROM achievement_span WHERE achievement = @Value", new { achievement.Value }, transaction);
        connection.Execute("INSERT INTO achievement_span (achievement, from_day, until) VALUES (@Value, @from, @until)",
            spans.Select(s => new { achievement.Value, from = s.From.Number, until = s.Until?.Number }), transaction);
    }
}
