using System.Data.Common;
using Dapper;

namespace Laurel.App.Features.Tours;

/// <summary>Who has been through which tour.</summary>
public static class TourStore
{
    /// <summary>When each was done, in Unix milliseconds.</summary>
    public static Dictionary<string, long> Done(DbConnection connection, long person) =>
        connection.Query<(string Tour, long At)>("SELECT tour, at FROM tour_done WHERE person = @person", new { person })
            .ToDictionary(d => d.Tour, d => d.At, StringComparer.Ordinal);

    public static void Finish(DbConnection connection, DbTransaction transaction, long person, string tour, long at) =>
        connection.Execute(
            """
            INSERT INTO tour_done (person, tour, at) VALUES (@person, @tour, @at)
            ON CONFLICT (person, tour) DO UPDATE SET at = excluded.at
            """, new { person, tour, at }, transaction);
}
