using System.Data.Common;
using System.Text.Json;
using Dapper;

namespace Laurel.App.Platform.Access;

/// <summary>By which way somebody acted.</summary>
public static class Via
{
    public const string Web = "web", Api = "api", CommandLine = "cli", File = "file", System = "system";
}

/// <summary>Who acts, as the audit log keeps it. The key is null for programs, files and the command line.</summary>
public sealed record Actor(long? Key, string Name, string Via)
{
    public static readonly Actor CommandLine = new(null, "laurel", Access.Via.CommandLine);
    public static Actor File(string name) => new(null, name, Access.Via.File);
    public static Actor ApiKey(string name) => new(null, name, Access.Via.Api);
}

/// <summary>One field that changed. The field is an English text that pages translate; null: there was, or is, nothing.</summary>
public sealed record Change(string Field, string? Before, string? After)
{
    public bool IsReal => !string.Equals(Before, After, StringComparison.Ordinal);
}

/// <summary>The log of who changed what, written in the transaction of the change itself.</summary>
public static class Audit
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <param name="action">Area and verb, such as <c>person.changed</c>; the page has a sentence for each it knows.</param>
    /// <param name="thing">Name of what was changed, readable after it is gone.</param>
    public static void Write(
        DbConnection connection, DbTransaction transaction, Actor actor, long at, string action, string thing,
        params IEnumerable<Change> changes) =>
        connection.Execute(
            """
            INSERT INTO audit (at, actor, actor_name, via, action, object, change)
            VALUES (@at, @Key, @Name, @Via, @action, @thing, @change)
            """,
            new
            {
                at, actor.Key, actor.Name, actor.Via, action, thing,
                change = JsonSerializer.Serialize(changes.Where(c => c.IsReal), Json)
            },
            transaction);

    public static IReadOnlyList<Change> Read(string change) => JsonSerializer.Deserialize<List<Change>>(change, Json) ?? [];
}
