using System.Net;
using System.Text;
using System.Text.Json;
using Dapper;
using Laurel.App.Features.Verifying;
using Laurel.App.Tests.Platform;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit.Abstractions;

namespace Laurel.App.Tests.Features.Activities;

/// <summary>
/// A disk without room: nothing that was acknowledged goes, what reads goes on, and what waits goes on by itself when there is room.
/// </summary>
[Trait("database", "sqlite")]
public sealed class FullDiskTests(ITestOutputHelper output)
{
    private const string Setup = """
        activity-types: [ { id: case, measures: { talk: {} } } ]
        metrics: [ { id: cases, types: [case] } ]
        achievements:
          - { id: many, type: threshold, metric: cases, at-least: [5, 800], history: all }
          - { id: best, type: best-of-period, metric: cases, period: yesterday, history: all }
        """;

    [Fact]
    public async Task A_full_disk_is_503_until_there_is_room_and_then_all_goes_on_by_itself()
    {
        using var disk = new SmallDisk(16);
        output.WriteLine(disk.IsReal ? "a small tmpfs was filled" : "no tmpfs may be mounted: SQLite refused to let the file grow");
        var log = new KeptLog();
        var time = FakeTime.Thursday();
        using var database = new SqliteDatabase(Path.Combine(disk.Folder, "laurel.db"));
        database.Migrate();
        await using (var app = await LaurelApp.StartOn(database, withFloor: true, services =>
            services.AddLogging(all => all.SetMinimumLevel(LogLevel.Information).AddProvider(log)), time))
        {
            using var program = app.WithKey("activities:write", "activities:read", "setup:write");
            using var agent = app.SignIn("agent");
            agent.DefaultRequestHeaders.Add("Accept", "text/html");
            using var setup = new StringContent(Setup, Encoding.UTF8, "application/yaml");
            (await program.PostAsync("/api/v1/setup", setup)).EnsureSuccessStatusCode();
            (await Send(program, 0)).StatusCode.ShouldBe(HttpStatusCode.OK);

            disk.Fill(database);
            for (var again = 0; again < 3; again++)
            {
                var refused = await Send(program, 1);
                refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
                refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
                refused.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
                var problem = JsonDocument.Parse(await refused.Content.ReadAsStringAsync()).RootElement;
                problem.GetProperty("type").GetString().ShouldBe("urn:laurel:problem:unavailable");
                problem.GetProperty("taken").GetInt32().ShouldBe(0);
            }
            foreach (var page in (string[])["/", "/leaderboard", "/achievements", "/healthz"])
                (await agent.GetAsync(page)).StatusCode.ShouldBe(HttpStatusCode.OK, page);
            (await program.GetAsync("/api/v1/activities")).StatusCode.ShouldBe(HttpStatusCode.OK);

            // Two days end while nothing can be written.
            var closed = Scalar(database, "SELECT closed_through FROM site");
            time.Advance(TimeSpan.FromDays(2));
            if (disk.IsReal)
                await Until.IsTrue("work waits for room",
                    () => log.Lines.Any(l => l.Contains("Due work waits", StringComparison.Ordinal)));

            disk.MakeRoom();
            (await Send(program, 1)).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await Send(program, 0)).StatusCode.ShouldBe(HttpStatusCode.OK);
            Scalar(database, "SELECT count(*) FROM activity").ShouldBe(2 * Batch);
            await Until.IsTrue("days are closed and their best are found", () =>
                Scalar(database, "SELECT closed_through FROM site") >= closed + 2 && Scalar(database, "SELECT count(*) FROM work") == 0);
            Scalar(database, "SELECT count(*) FROM award a JOIN achievement b ON b.key = a.achievement WHERE b.id = 'best'").ShouldBe(1);
            Scalar(database, "SELECT count(*) FROM award a JOIN achievement b ON b.key = a.achievement WHERE b.id = 'many'").ShouldBe(2);
            ActivatorUtilities.CreateInstance<Verification>(app.Services)
                .Run(difference => throw new ShouldAssertException(difference.ToString()), CancellationToken.None).ShouldNotBeNull();
            // Nothing of it was a defect.
            log.Errors.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task An_import_onto_a_full_disk_says_so_in_one_line_and_completes_when_there_is_room()
    {
        using var disk = new SmallDisk(16);
        if (!disk.IsReal)
        {
            output.WriteLine("no tmpfs may be mounted: left out, for the verb is a process of its own");
            return;
        }
        using var laurel = new LaurelProgram();
        var database = Path.Combine(disk.Folder, "laurel.db");
        var setup = laurel.Write("setup.yaml",
            "site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }\npeople: [ { id: agent } ]\n" + Setup);
        var mapping = laurel.Write("mapping.yaml", """
            source: files
            times: { at: { column: at, format: iso } }
            activities: [ { type: case, id: "{id}", person: who, at: at } ]
            """);
        const int Rows = 12_000;
        var file = laurel.Write("cases.csv", "id,who,at\n"
            + string.Concat(Enumerable.Range(0, Rows).Select(i => $"{i},agent,2026-03-{1 + i % 9:00}T08:53:00Z\n")));
        (await laurel.Run("apply", setup, "--database", database)).Exit.ShouldBe(0);

        disk.Fill(null!, left: 2 << 20);
        var full = await laurel.Run("import", file, "--mapping", mapping, "--batch", "500", "--database", database);
        full.Exit.ShouldBe(1, full.Says);
        full.Err.Trim().Split('\n').ShouldHaveSingleItem(full.Says)
            .ShouldStartWith("laurel: the database could not be written to the end: database or disk is full");
        var kept = await laurel.Run("values", "--metric", "cases", "--by", "all", "--database", database);
        output.WriteLine(kept.Out);

        disk.MakeRoom();
        var again = await laurel.Run("import", file, "--mapping", mapping, "--database", database, "--json");
        again.Exit.ShouldBe(0, again.Says);
        var counts = JsonDocument.Parse(again.Out.Trim().Split('\n')[^1]).RootElement;
        (counts.GetProperty("accepted").GetInt64() + counts.GetProperty("duplicate").GetInt64()).ShouldBe(Rows);
        (await laurel.Run("verify", "--database", database)).Says.ShouldContain("12,000 activities");
    }

    private const int Batch = 400;

    private static Task<HttpResponseMessage> Send(HttpClient program, int batch)
    {
        // Long ids: many do not fit into the pages that are there.
        var items = Enumerable.Range(batch * Batch, Batch).Select(i => new
        {
            specversion = "1.0", id = $"{i}-{new string('x', 150)}", source = "desk", type = "case", time = "2026-03-12T06:00:00Z",
            data = new { person = "agent", measures = new { talk = i } },
        });
        return program.PostAsync("/api/v1/activities",
            new StringContent(JsonSerializer.Serialize(items), Encoding.UTF8, "application/cloudevents-batch+json"));
    }

    private static long Scalar(Database database, string sql)
    {
        using var connection = database.Read();
        return connection.ExecuteScalar<long>(sql);
    }
}
