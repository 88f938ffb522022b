using System.CommandLine;
using Laurel.App.Platform.Hosting;

namespace Laurel.App.Features.Settings;

/// <summary><c>laurel export setup</c>: the setup file that says what is; <c>laurel export schema</c>: what such a file may say.</summary>
public static class ExportVerb
{
    public static Command Command(TimeProvider time)
    {
        var database = Verb.DatabaseOption();
        var setup = new VerbCommand("setup", "Print what is set up, as the file that apply takes.", "laurel export setup > setup.yaml")
            { database };
        setup.SetAction(arguments => Verb.Look(arguments.GetValue(database)!, store =>
        {
            using var connection = store.Read();
            using var view = store.Snapshot(connection);
            Console.Out.Write(new SetupWriter(connection, view, time.GetUtcNow().ToUnixTimeMilliseconds()).Write());
            return Verb.Done;
        }));
        var schema = new VerbCommand("schema", "Print the JSON Schema of the setup file, for an editor that completes and checks it.",
            "laurel export schema > setup.schema.json");
        schema.SetAction(_ =>
        {
            Console.Out.WriteLine(SetupSchema.Write());
            return Verb.Done;
        });
        return new VerbCommand("export", "Print the set-up, or the schema of its file.", "laurel export setup > setup.yaml")
            { setup, schema };
    }
}
