using System.Data.Common;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.App.Features.Metrics;

/// <summary>Work that no person did, by team.</summary>
public static class TeamRollups
{
    /// <summary>Reads a team's day anew from its activities, after one was taken back.</summary>
    public static void Reread(DbConnection connection, DbTransaction transaction, Metric metric, Workday day, long team)
    {
        var rollup = Rollup.None;
        foreach (var (type, body) in connection.Query<(string Type, string Body)>(
            """
            SELECT t.id, a.body FROM activity a JOIN activity_type t ON t.key = a.type
            WHERE a.day = @day AND a.person IS NULL AND a.team = @team
            """, new { day = day.Number, team }, transaction))
        {
            var read = ActivityBody.Read(body);
            if (metric.Reads(type, read.Measures, read.Labels) is { } amount) rollup = rollup.Add(amount);
        }
        var key = new { m = metric.Key.Value, d = day.Number, team };
        connection.Execute("DELETE FROM team_rollup WHERE metric = @m AND day = @d AND team = @team", key, transaction);
        if (!rollup.IsEmpty)
            connection.Execute(
                """
                INSERT INTO team_rollup (metric, day, team, count, sum, least, greatest)
                VALUES (@m, @d, @team, @Count, @Sum, @Least, @Greatest)
                """, new { key.m, key.d, key.team, rollup.Count, Sum = (long)rollup.Sum, rollup.Least, rollup.Greatest }, transaction);
    }
}
