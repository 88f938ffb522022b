using System.Data.Common;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.App.Features.Metrics;

/// <summary>Work that no person did, by team.</summary>
public static class TeamRollups
{
    /// <summary>Reads a team's day anew from its activities, after one was taken back.</summary>
    public static void Reread(DbConnection connection, DbTransaction transaction, Floor floor, KeptMetric kept, Workday day, long team)
    {
        var rollup = Rollup.None;
        var clock = floor.ClockOf(team);
        foreach (var (key, type, at, body) in connection.Query<(long Key, string Type, long At, string Body)>(
            """
            SELECT a.key, t.id, a.at, a.body FROM activity a JOIN activity_type t ON t.key = a.type
            WHERE a.day = @day AND a.person IS NULL AND a.team = @team
            """, new { day = day.Number, team }, transaction))
        {
            var read = ActivityBody.Read(body);
            if (kept.Holds(key) && kept.Metric.Reads(new(type, read.Measures, read.Labels, at, day, clock)) is { } reading)
                rollup = rollup.Add(reading);
        }
        RollupStore.SetTeam(connection, kept.Metric, day, team, rollup);
    }
}
