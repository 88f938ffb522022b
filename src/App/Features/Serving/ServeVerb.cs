using System.CommandLine;
using Laurel.App.Platform.Hosting;
using Microsoft.AspNetCore.Builder;

namespace Laurel.App.Features.Serving;

/// <summary><c>laurel serve</c>: the web application on a database that it owns while it runs.</summary>
public static class ServeVerb
{
    public static Command Command()
    {
        var database = Verb.DatabaseOption();
        var urls = UrlsOption();
        var command = new VerbCommand("serve", "Run the web application and the API until Ctrl-C.",
            "laurel serve --database data/laurel.db --urls http://127.0.0.1:5080") { database, urls };
        command.SetAction((arguments, cancel) => Run(arguments.GetValue(database)!, arguments.GetValue(urls)!, cancel));
        return command;
    }

    public static Option<string> UrlsOption() => new("--urls")
    {
        Description = "Addresses to listen on, separated by semicolons.",
        DefaultValueFactory = _ => Addresses.Usual,
        HelpName = "URL",
    };

    private static async Task<int> Run(string path, string urls, CancellationToken cancel)
    {
        if (Addresses.Refusal(urls) is { } refusal) return Verb.Refuse(refusal);
        using var owner = Verb.Own(path, "");
        if (owner is null) return Verb.BadUsage;
        using var database = Verb.Open(path);
        if (database is null) return Verb.BadUsage;
        await using var app = LaurelHost.Build(new LaurelOptions(database) { Urls = urls });
        return await Listen(app, urls, url => $"Laurel listens on {url}", null, cancel);
    }

    /// <summary>Starts, says where, and runs until it is stopped; or says why it cannot listen there.</summary>
    internal static async Task<int> Listen(
        WebApplication app, string urls, Func<string, string> says, Action? started, CancellationToken cancel)
    {
        try
        {
            await app.StartAsync(cancel);
        }
        catch (Exception failure) when (Addresses.Refusal(failure, urls) is { } refusal)
        {
            return Verb.Refuse(refusal);
        }
        foreach (var url in app.Urls) Console.WriteLine(says(url));
        started?.Invoke();
        await app.WaitForShutdownAsync(cancel);
        return Verb.Done;
    }
}
