using System.Text.Json;
using Dapper;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Tests.Platform;
using Laurel.Engine.Activities;

namespace Laurel.App.Tests.Features.Activities;

/// <summary>The least that takes activities: one site, the person avi, the type call-answered, and ticket that needs no person.</summary>
internal static class SmallDesk
{
    public static void Open(LaurelApp app) => app.Database.Write((connection, transaction) =>
    {
        connection.Execute("INSERT INTO site (id, name, zone, closed_through) VALUES ('haifa', 'Haifa', 'Asia/Jerusalem', 0)",
            transaction: transaction);
        connection.Execute("INSERT INTO person (id, name, created_at) VALUES ('avi', 'Avi Example', 0)", transaction: transaction);
        foreach (var type in new ActivityType[]
        {
            new("call-answered", true, [new("talk", "seconds", false), new("wait", "seconds", true)], ["kind"]),
            new("ticket", false, [], []),
        })
        {
            var name = JsonSerializer.Serialize(new { en = type.Id });
            var definition = JsonSerializer.Serialize(type, CatalogueStore.Json);
            connection.Execute("INSERT INTO activity_type (id, name, definition) VALUES (@Id, @name, @definition)",
                new { type.Id, name, definition }, transaction);
        }
        Rulebook.TouchRules(connection, transaction);
        Rulebook.TouchFloor(connection, transaction);
    });

    public static long Taken(LaurelApp app)
    {
        using var connection = app.Database.Read();
        return connection.ExecuteScalar<long>("SELECT count(*) FROM activity");
    }
}
