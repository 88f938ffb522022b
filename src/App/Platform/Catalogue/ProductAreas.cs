using System.Data.Common;
using Dapper;

namespace Laurel.App.Platform.Catalogue;

/// <summary>
/// The areas that achievements belong to, each of which an organisation can switch off. With all of them off there are no achievements.
/// </summary>
public static class ProductAreas
{
    /// <summary>In the order of the pages.</summary>
    public static readonly IReadOnlyList<string> All = ["service", "sales", "feedback", "coaching", "quality", "learning", "engagement"];

    /// <summary>A column of a query: how many are off.</summary>
    public const string CountOff = "(SELECT count(*) FROM area_off)";

    public static HashSet<string> Off(DbConnection connection, DbTransaction? transaction = null) =>
        connection.Query<string>("SELECT area FROM area_off", transaction: transaction).ToHashSet(StringComparer.Ordinal);

    public static bool AreAllOff(DbConnection connection) => AreAllOff(connection.ExecuteScalar<long>($"SELECT {CountOff}"));

    /// <param name="off">How many are.</param>
    public static bool AreAllOff(long off) => off >= All.Count;
}
