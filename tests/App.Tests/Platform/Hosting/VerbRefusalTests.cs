using System.Net;
using System.Net.Sockets;
using Dapper;
using Laurel.Storage;
using Microsoft.Data.Sqlite;

namespace Laurel.App.Tests.Platform.Hosting;

/// <summary>What can be foreseen to go wrong is one line that says what to do, never a stack trace.</summary>
public sealed class VerbRefusalTests : IDisposable
{
    private const string Setup = "site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }\n";
    private readonly LaurelProgram laurel = new();

    public void Dispose() => laurel.Dispose();

    public static TheoryData<string, string> VerbsWithDatabase => new()
    {
        { "serve", "" }, { "demo", $"--samples {Path.Combine(Checkout.Root, "samples")}" }, { "apply setup.yaml", "" },
        { "apply setup.yaml --plan", "" }, { "import a.csv --mapping m.yaml", "" }, { "awards", "" }, { "values --metric calls", "" },
        { "verify", "" }, { "key list", "" }, { "key create --name Desk --scope activities:write", "" }, { "person add zita", "" },
        { "password zita", "" },
    };

    [Theory]
    [MemberData(nameof(VerbsWithDatabase))]
    public async Task Verb_on_a_file_that_is_no_database_is_refused(string verb, string more)
    {
        Prepare();
        laurel.Write("notes.txt", "These are notes, and no database at all.");
        Refused(await Run($"{verb} --database notes.txt {more}"), "laurel: notes.txt ");
        (await File.ReadAllTextAsync(Path.Combine(laurel.Folder, "notes.txt"))).ShouldStartWith("These are notes");
        laurel.Files.ShouldNotContain("notes.txt.lock");
    }

    [Theory]
    [InlineData("apply setup.yaml")]
    [InlineData("apply setup.yaml --plan")]
    [InlineData("awards")]
    [InlineData("key list")]
    public async Task Verb_on_a_server_that_does_not_answer_is_refused(string verb)
    {
        Prepare();
        Refused(await Run($"{verb} --database postgres://laurel@127.0.0.1:1/laurel"), "laurel: the PostgreSQL database cannot be opened: ");
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("apply setup.yaml")]
    [InlineData("awards")]
    [InlineData("import a.csv --mapping m.yaml")]
    public async Task Verb_on_a_folder_is_refused(string verb)
    {
        Prepare();
        Directory.CreateDirectory(Path.Combine(laurel.Folder, "folder"));
        Refused(await Run($"{verb} --database folder"), "laurel: folder is a folder; name a file in it with --database");
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("apply setup.yaml")]
    [InlineData("key create --name Desk --scope activities:write")]
    public async Task Verb_on_a_place_where_no_file_can_be_made_is_refused(string verb)
    {
        Prepare();
        Refused(await Run($"{verb} --database /proc/laurel/laurel.db"), "laurel: /proc/laurel/laurel.db cannot be made: ");
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("awards")]
    public async Task Verb_on_the_database_of_another_program_is_refused(string verb)
    {
        var path = Path.Combine(laurel.Folder, "other.db");
        using (var other = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            other.Open();
            other.Execute("CREATE TABLE recipe (name TEXT)");
        }
        Refused(await Run($"{verb} --database other.db"), "laurel: other.db is the database of another program");
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("awards")]
    public async Task Verb_on_the_database_of_a_newer_Laurel_is_refused(string verb)
    {
        using (var database = new SqliteDatabase(Path.Combine(laurel.Folder, "laurel.db")))
        {
            database.Migrate();
            database.Write((c, t) => c.Execute("INSERT INTO migration (number, name) VALUES (9999, 'to_come')", transaction: t));
        }
        Refused(await Run($"{verb} --database laurel.db"), "laurel: laurel.db was written by a newer Laurel");
    }

    [Fact]
    public async Task Verb_that_reads_refuses_the_database_of_an_older_Laurel()
    {
        using (var database = new SqliteDatabase(Path.Combine(laurel.Folder, "laurel.db")))
        {
            database.Migrate();
            database.Write((c, t) => c.Execute("DELETE FROM migration WHERE number = (SELECT max(number) FROM migration)", transaction: t));
        }
        Refused(await Run("awards --database laurel.db"), "laurel: laurel.db was written by an older Laurel");
    }

    [Theory]
    [InlineData("bogus", "laurel: --urls: 'bogus' is no address")]
    [InlineData("ftp://127.0.0.1:5080", "laurel: --urls: 'ftp://127.0.0.1:5080' is no address")]
    [InlineData("http://127.0.0.1:99999", "laurel: --urls: 'http://127.0.0.1:99999' is no address")]
    [InlineData("http://127.0.0.1:0/laurel", "laurel: --urls: 'http://127.0.0.1:0/laurel' is no address")]
    [InlineData("", "laurel: --urls: '' is no address")]
    [InlineData("http://192.0.2.7:5080", "laurel: cannot listen on http://192.0.2.7:5080: it is no address of this machine")]
    [InlineData("https://127.0.0.1:0", "laurel: cannot listen on https://127.0.0.1:0")]
    public async Task Serve_on_what_is_no_address_is_refused(string urls, string says) =>
        Refused(await laurel.Run("serve", "--database", "laurel.db", "--urls", urls), says);

    [Theory]
    [InlineData("serve")]
    [InlineData("demo")]
    public async Task Server_on_a_port_that_is_taken_is_refused(string verb)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";
        string[] samples = verb == "demo" ? ["--samples", Path.Combine(Checkout.Root, "samples")] : [];
        Refused(await laurel.Run([verb, "--database", "laurel.db", "--urls", address, .. samples]),
            $"laurel: cannot listen on {address}: the port is taken");
    }

    [Theory]
    [InlineData("aply setup.yaml", "laurel: there is no verb 'aply' (did you mean 'apply'?)")]
    [InlineData("awards --flaged", "laurel: there is no option '--flaged' (did you mean '--flagged'?)")]
    [InlineData("awards now", "laurel: 'now' is too much")]
    [InlineData("", "laurel: name a verb: serve, demo, ")]
    [InlineData("key", "laurel: name a verb: create, list, revoke\nlaurel: laurel key --help")]
    [InlineData("key create --name Desk --scope activities:write --days soon",
        "laurel: --days cannot be 'soon'\nlaurel: laurel key create --help")]
    [InlineData("key creat", "laurel: there is no verb 'creat' (did you mean 'create'?)")]
    [InlineData("awards --format xml", "laurel: ")]
    [InlineData("values", "laurel: ")]
    [InlineData("import a.csv", "laurel: ")]
    [InlineData("import a.csv --mapping m.yaml --batch 0", "laurel: --batch must be 1 to 10000")]
    [InlineData("key create --name Desk --scope everything", "laurel: ")]
    [InlineData("key create --name Desk --scope activities:write --days 0", "laurel: --days must be 1 to 36500")]
    [InlineData("apply folder", "laurel: folder is a folder")]
    [InlineData("apply nowhere.yaml", "laurel: there is no file nowhere.yaml")]
    [InlineData("demo --samples nowhere", "laurel: there are no samples in nowhere")]
    [InlineData("awards --database nowhere.db", "laurel: there is no database nowhere.db")]
    public async Task Verb_with_wrong_words_is_refused(string arguments, string says)
    {
        Prepare();
        Directory.CreateDirectory(Path.Combine(laurel.Folder, "folder"));
        Refused(await Run(arguments), says);
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("demo")]
    [InlineData("apply")]
    [InlineData("import")]
    [InlineData("awards")]
    [InlineData("values")]
    [InlineData("key")]
    [InlineData("key create")]
    [InlineData("key list")]
    [InlineData("key revoke")]
    [InlineData("person")]
    [InlineData("person add")]
    [InlineData("password")]
    public async Task Help_of_a_verb_says_what_it_does_and_shows_an_example(string verb)
    {
        var ran = await Run($"{verb} --help");
        ran.Exit.ShouldBe(0);
        ran.Err.ShouldBeEmpty();
        var lines = ran.Out.Split('\n').Select(l => l.Trim()).ToList();
        lines[lines.IndexOf("Description:") + 1].ShouldMatch(@"^[A-Z].*\.$");
        lines[lines.IndexOf("Example:") + 1].ShouldStartWith($"laurel {verb} ".TrimEnd());
    }

    [Fact]
    public async Task Help_of_the_program_names_its_verbs_and_nothing_of_its_sources()
    {
        var ran = await Run("--help");
        ran.Exit.ShouldBe(0);
        ran.Out.ShouldContain("recognition for contact centres");
        ran.Out.ShouldNotContain(".cs");
        foreach (var verb in (string[])["serve", "demo", "apply", "import", "awards", "values", "key", "person", "password"])
            ran.Out.ShouldContain($"\n  {verb} ");
    }

    [Theory]
    [InlineData("apply setup.yaml", "/api/v1/setup")]
    [InlineData("import a.csv --mapping m.yaml", "/api/v1/activities")]
    [InlineData("key create --name Desk --scope activities:write", "API keys")]
    [InlineData("person add zita", "People")]
    [InlineData("password zita", "People")]
    [InlineData("serve", "stop it first")]
    public async Task Verb_that_changes_data_refuses_a_database_that_is_owned_and_says_what_else_to_do(string verb, string instead)
    {
        Prepare();
        using (var database = new SqliteDatabase(Path.Combine(laurel.Folder, "laurel.db"))) database.Migrate();
        using var owner = DatabaseOwner.Take(Path.Combine(laurel.Folder, "laurel.db"));
        var ran = await Run($"{verb} --database laurel.db");
        Refused(ran, "laurel: laurel.db belongs to a Laurel that is running");
        ran.Err.ShouldContain(instead);
    }

    [Fact]
    public async Task Import_into_a_database_that_takes_nothing_more_says_so_without_a_stack_trace()
    {
        Prepare();
        (await Run("apply setup.yaml --database laurel.db")).Exit.ShouldBe(0);
        using (var database = new SqliteDatabase(Path.Combine(laurel.Folder, "laurel.db")))
            database.Write((c, t) =>
                c.Execute("CREATE TRIGGER full BEFORE INSERT ON activity_key BEGIN SELECT RAISE(ABORT, 'disk is full'); END",
                transaction: t));
        laurel.Write("types.yaml", "activity-types: [ { id: done } ]\n");
        (await Run("apply types.yaml --database laurel.db")).Exit.ShouldBe(0);
        var ran = await Run("import a.csv --mapping m.yaml --database laurel.db");
        ran.Exit.ShouldBe(1, ran.Says);
        ran.Err.ShouldContain("disk is full");
        ran.Err.ShouldNotContain("   at ", customMessage: ran.Says);
    }

    /// <summary>Whoever starts it reads the address with the code.</summary>
    [Fact]
    public async Task Serve_of_a_new_installation_logs_the_whole_address_of_the_set_up_page()
    {
        using var serving = laurel.Begin("serve", "--database", "laurel.db", "--urls", "http://127.0.0.1:0");
        try
        {
            var lines = new List<string>();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(240));
            while (!lines.Exists(l => l.Contains("one-time code", StringComparison.Ordinal))
                || !lines.Exists(l => l.StartsWith("Laurel listens", StringComparison.Ordinal)))
                lines.Add(await serving.StandardOutput.ReadLineAsync(patience.Token)
                    ?? throw new EndOfStreamException(string.Join('\n', lines)));
            var address = lines.First(l => l.StartsWith("Laurel listens on ", StringComparison.Ordinal))["Laurel listens on ".Length..];
            lines.ShouldContain(l => l.Contains($"Open {address}/set-up and type this one-time code: ", StringComparison.Ordinal));
        }
        finally
        {
            serving.Kill();
            await serving.WaitForExitAsync();
        }
    }

    private void Prepare()
    {
        laurel.Write("setup.yaml", Setup);
        laurel.Write("a.csv", "id,who,at\n1,g,2026-03-01T08:53:00Z\n");
        laurel.Write("m.yaml", Laurel.App.Tests.Features.Imports.Reading.Yaml());
    }

    private Task<Ran> Run(string arguments) => laurel.Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>One line (or a few, each with the program's name), on the error stream; nothing else, and exit code 2.</summary>
    private static void Refused(Ran ran, string says)
    {
        ran.Exit.ShouldBe(2, ran.Says);
        ran.Out.ShouldBeEmpty();
        ran.Err.ShouldStartWith(says);
        foreach (var line in ran.Err.TrimEnd('\n').Split('\n')) line.ShouldStartWith("laurel: ", customMessage: ran.Says);
        ran.Err.Split('\n').Length.ShouldBeLessThanOrEqualTo(3, ran.Says);
    }
}
