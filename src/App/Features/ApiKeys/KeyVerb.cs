using System.CommandLine;
using System.Globalization;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Hosting;

namespace Laurel.App.Features.ApiKeys;

/// <summary><c>laurel key create|list|revoke</c>.</summary>
public static class KeyVerb
{
    private const string Instead = ", or use its page API keys";

    public static Command Command()
    {
        var database = Verb.DatabaseOption();
        return new VerbCommand("key", "Make, list and revoke API keys.", "laurel key create --name \"Help desk\" --scope activities:write")
        {
            database, Create(database), List(database), Revoke(database),
        };
    }

    private static Command Create(Option<string> database)
    {
        var name = new Option<string>("--name") { Description = "What the key is for, e.g. \"Help desk\".", Required = true };
        var scopes = new Option<string[]>("--scope")
        {
            Description = $"What it may do; several are allowed: {string.Join(", ", ApiScope.All.Select(s => s.Name))}.",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        scopes.AcceptOnlyFromAmong([.. ApiScope.All.Select(s => s.Name)]);
        var days = new Option<int?>("--days") { Description = "How many days it holds; without end when not said." };
        days.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, CultureInfo.InvariantCulture, out var given)
                && given is < 1 or > 36_500)
                result.AddError("--days must be 1 to 36500.");
        });
        var command = new VerbCommand("create", "Make a key and print it, once.",
            "laurel key create --name \"Help desk\" --scope activities:write --days 365") { name, scopes, days };
        command.SetAction(arguments => Verb.Change(arguments.GetValue(database)!, Instead, db =>
        {
            DateTimeOffset? expires = arguments.GetValue(days) is { } d ? TimeProvider.System.GetUtcNow().AddDays(d) : null;
            var asked = arguments.GetValue(scopes)!.Distinct(StringComparer.Ordinal).Select(s => ApiScope.Find(s)!).ToList();
            Console.WriteLine(new ApiKeyStore(db, TimeProvider.System)
                .Create(arguments.GetValue(name)!, asked, expires, Actor.CommandLine));
            return Verb.Done;
        }));
        return command;
    }

    private static Command List(Option<string> database)
    {
        var command = new VerbCommand("list", "List the keys: id, state, scopes, last used, name.", "laurel key list");
        command.SetAction(arguments => Verb.Look(arguments.GetValue(database)!, db =>
        {
            var now = TimeProvider.System.GetUtcNow();
            Console.WriteLine(string.Join('\t', "id", "state", "scopes", "last used", "name"));
            foreach (var key in new ApiKeyStore(db, TimeProvider.System).List())
                Console.WriteLine(string.Join('\t', key.Id, State(key, now), string.Join(',', key.Scopes),
                    key.LastUsedAt?.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture) ?? "never", key.Name));
            return Verb.Done;
        }));
        return command;
    }

    private static string State(ApiKey key, DateTimeOffset now) =>
        key.RevokedAt is not null ? "revoked" : key.HoldsAt(now) ? "holds" : "expired";

    private static Command Revoke(Option<string> database)
    {
        var id = new Argument<string>("id") { Description = "The middle part of lrl_ID_SECRET, as list prints it." };
        var command = new VerbCommand("revoke", "Revoke a key; programs that use it are refused at once.", "laurel key revoke k7m2pqx4ra")
            { id };
        command.SetAction(arguments => Verb.Change(arguments.GetValue(database)!, Instead, db =>
        {
            if (new ApiKeyStore(db, TimeProvider.System).Revoke(arguments.GetValue(id)!, Actor.CommandLine))
            {
                Console.WriteLine($"Revoked {arguments.GetValue(id)}.");
                return Verb.Done;
            }
            Console.Error.WriteLine($"laurel: no key {arguments.GetValue(id)} that still holds");
            return Verb.FoundWrong;
        }));
        return command;
    }
}
