using System.CommandLine;
using Laurel.App.Platform.Hosting;
using Laurel.Storage;

namespace Laurel.App.Features.Serving;

/// <summary><c>laurel serve</c>: the web application on a database that it owns while it runs.</summary>
public static class ServeVerb
{
    public static Command Command()
    {
        var database = Verb.DatabaseOption();
        var urls = new Option<string>("--urls")
        {
            Description = "Addresses to listen on, separated by semicolons.",
            DefaultValueFactory = _ => "http://127.0.0.1:5080",
        };
        var command = new Command("serve", "Run the web application.") { database, urls };
        command.SetAction((arguments, cancel) => Run(arguments.GetValue(database)!, arguments.GetValue(urls)!, cancel));
        return command;
    }

    private static async Task<int> Run(string path, string urls, CancellationToken cancel)
    {
        using var owner = DatabaseOwner.Take(path);
        if (owner is null)
        {
            await Console.Error.WriteLineAsync($"laurel: {path} belongs to a Laurel that is already running.");
            return Verb.BadUsage;
        }
        using var database = new SqliteDatabase(path);
        await using var app = LaurelHost.Build(new LaurelOptions(database) { Urls = urls });
        await app.StartAsync(cancel);
        foreach (var url in app.Urls) Console.WriteLine($"Laurel listens on {url}");
        await app.WaitForShutdownAsync(cancel);
        return Verb.Done;
    }
}
