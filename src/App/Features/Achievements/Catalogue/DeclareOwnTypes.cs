using System.Text.Json;
using Dapper;
using Laurel.App.Platform.Catalogue;
using Laurel.Storage;

namespace Laurel.App.Features.Achievements.Catalogue;

/// <summary>
/// What people do with Laurel itself can be sent to every installation, whatever its setup file says. A type of that id that is there
/// already stays as it is.
/// </summary>
public sealed class DeclareOwnTypes(Database database) : IHostedService
{
    public static readonly IReadOnlySet<string> Ids =
        ShippedSets.Own.Types.Select(t => t.Type.Id).ToHashSet(StringComparer.Ordinal);

    /// <summary>Somebody chose a badge to be shown beside the name.</summary>
    public const string BadgeFeatured = "badge-featured";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (Declared() < Ids.Count) database.Write(Declare);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private int Declared()
    {
        using var connection = database.Read();
        return connection.Query<string>("SELECT id FROM activity_type").Count(Ids.Contains);
    }

    private static void Declare(System.Data.Common.DbConnection connection, System.Data.Common.DbTransaction transaction)
    {
        Rulebook.Hold(connection, transaction);
        foreach (var own in ShippedSets.Own.Types)
            connection.Execute(
                """
                INSERT INTO activity_type (id, name, definition, words) VALUES (@Id, @name, @definition, @words)
                ON CONFLICT (id) DO NOTHING
                """, new
                {
                    own.Type.Id, name = JsonSerializer.Serialize(own.Name.ByLanguage, CatalogueStore.Json),
                    definition = JsonSerializer.Serialize(own.Type, CatalogueStore.Json), words = own.Words.Write(),
                }, transaction);
        Rulebook.TouchRules(connection, transaction);
    }
}
