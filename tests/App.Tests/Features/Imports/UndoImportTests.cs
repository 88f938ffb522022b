using Dapper;
using Laurel.App.Features.Imports;
using Laurel.App.Features.Verifying;
using Laurel.App.Platform.Access;
using Laurel.App.Tests.Platform;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Imports;

/// <summary>Taking an import back, at the writer: what goes, what stays, and what counts again.</summary>
public sealed class UndoImportTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private const string Setup = """
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        people: [ { id: greta, name: Greta } ]
        activity-types:
          - { id: case, measures: { talk: { negative: false } } }
        metrics:
          - { id: cases, types: [case] }
          - { id: longest, types: [case], aggregate: maximum, measure: talk }
        achievements:
          - { id: three, type: threshold, metric: cases, at-least: 3, history: all }
        """;

    [Fact]
    public async Task A_run_that_read_no_row_says_so()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        var run = Begin(core);
        Store(core).Find(run)!.State.ShouldBe(ImportState.Running);
        Store(core).End(run, rows: 0, rejected: 0);
        Store(core).Find(run)!.State.ShouldBe(ImportState.Unread);
        Store(core).End(run, rows: 3, rejected: 3);
        Store(core).Find(run)!.State.ShouldBe(ImportState.Ended);
    }

    [Fact]
    public async Task What_a_run_brought_counts_no_more_and_its_award_is_flagged_until_the_rows_come_again()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        for (var times = 0; times < 3; times++)
        {
            var run = Begin(core);
            (await Import(core, run, Case("1"), Case("2"), Case("3"), Case("4", "newcomer"))).Select(r => r.Outcome)
                .ShouldBe([ItemOutcome.Accepted, ItemOutcome.Accepted, ItemOutcome.Accepted, ItemOutcome.Held]);
            Awards(core).ShouldBe((1, 0));
            (await Import(core, run, Case("1"))).Single().ShouldBe(ItemResult.Duplicate);

            var undone = Undo(core, run);
            (undone.State, undone.Accepted, undone.Duplicate, undone.Held, undone.Voided, undone.Dropped, undone.Kept)
                .ShouldBe((ImportState.Undone, 3, 1, 1, 3, 1, 0));
            Awards(core).ShouldBe((0, 1));
            Scalar(core, "SELECT count(*) FROM activity").ShouldBe(0);
            Scalar(core, "SELECT count(*) FROM held").ShouldBe(0);
            Verify(core);
        }
        Scalar(core, "SELECT count(*) FROM audit WHERE action = 'import.undone'").ShouldBe(3);
    }

    [Fact]
    public async Task Rows_of_an_undone_run_may_come_again_with_other_content()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        var run = Begin(core);
        await Import(core, run, Case("1"));
        Undo(core, run);
        (await Import(core, Begin(core), Case("1") with { Measures = [new("talk", new Amount(9_000))] })).Single()
            .ShouldBe(ItemResult.Accepted);
        (await core.Take(Case("1"))).Single().Outcome.ShouldBe(ItemOutcome.Rejected);
        Scalar(core, "SELECT max(greatest) FROM rollup").ShouldBe(9_000);
        Verify(core);
    }

    [Fact]
    public async Task What_came_by_another_door_before_or_since_stays_as_it_is()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        await core.Take(Case("before"));
        var run = Begin(core);
        await Import(core, run, Case("before"), Case("1"), Case("2"), Case("taken-back"), Case("3"));
        await core.Take(Case("2") with { Version = 1, Measures = [new("talk", new Amount(7_000))] },
            Case("taken-back") with { Version = 1, IsVoid = true });
        var later = Begin(core);
        await Import(core, later, Case("4"), Case("1"));

        var undone = Undo(core, run);
        (undone.Accepted, undone.Duplicate, undone.Voided, undone.Kept).ShouldBe((4, 1, 2, 2));
        Ids(core).ShouldBe(["2", "4", "before"]);
        // The source's own void is not overruled, and no correction either.
        await Import(core, Begin(core), Case("1"), Case("2"), Case("taken-back"));
        Ids(core).ShouldBe(["1", "2", "4", "before"]);
        Scalar(core, "SELECT max(greatest) FROM rollup").ShouldBe(7_000);
        Verify(core);
    }

    [Fact]
    public async Task A_version_that_the_source_sends_after_an_undo_is_a_version_as_ever()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        var run = Begin(core);
        await Import(core, run, Case("1"), Case("2"));
        Undo(core, run);
        (await core.Take(Case("1") with { Version = 1 }, Case("2") with { Version = 1, IsVoid = true })).ShouldAllBe(
            r => r.Outcome == ItemOutcome.Accepted);
        await Import(core, Begin(core), Case("1"), Case("2"));
        Ids(core).ShouldBe(["1"]);
        Verify(core);
    }

    [Fact]
    public async Task What_waited_and_counts_since_its_person_is_known_is_taken_back_too()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        var run = Begin(core);
        await Import(core, run, Case("1", "newcomer"), Case("2"));
        await core.Take(Case("3", "newcomer") with { UnknownPerson = UnknownPerson.Create });
        Scalar(core, "SELECT count(*) FROM held").ShouldBe(0);
        var undone = Undo(core, run);
        (undone.Voided, undone.Dropped, undone.Kept).ShouldBe((2, 0, 0));
        Ids(core).ShouldBe(["3"]);
        Verify(core);
    }

    [Fact]
    public async Task An_undo_that_broke_off_goes_on_where_it_was_and_brings_nothing_twice()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        var run = Begin(core);
        await Import(core, run, [.. Enumerable.Range(0, 10).Select(i => Case($"{i}")), Case("held", "newcomer")]);
        using (var broken = new CancellationTokenSource())
        {
            var half = Undo(core, run, _ => broken.Cancel(), broken.Token, chunk: 4);
            (half.State, half.Voided, half.Dropped).ShouldBe((ImportState.HalfUndone, 4, 1));
        }
        Store(core).HalfUndone().ShouldBe(run);
        Verify(core);
        await core.Restart();
        var told = new List<long>();
        var undone = Undo(core, run, told.Add, chunk: 4);
        (undone.State, undone.Voided, undone.Dropped, undone.Kept).ShouldBe((ImportState.Undone, 10, 1, 0));
        (told[0], told[^1]).ShouldBe((9, 11));
        Store(core).HalfUndone().ShouldBeNull();
        Scalar(core, "SELECT count(*) FROM audit WHERE action = 'import.undone'").ShouldBe(1);
        // Whoever sends on for it, though it is taken back, is refused whole.
        await Should.ThrowAsync<Exception>(() => Import(core, run, Case("late")));
        Scalar(core, "SELECT count(*) FROM activity").ShouldBe(0);
        Verify(core);
    }

    [Fact]
    public async Task While_a_run_goes_on_none_is_taken_back_on_a_shared_database()
    {
        if (!TestDatabase.IsPostgres) return;
        await using var core = await CoreFixture.Start(Now, Setup);
        await using var other = await core.Another();
        using (Store(core).WhileRunning().ShouldNotBeNull())
        using (Store(other).WhileRunning().ShouldNotBeNull())
            Store(other).WhileUndoing().ShouldBeNull();
        using (Store(other).WhileUndoing().ShouldNotBeNull())
        {
            Store(core).WhileRunning().ShouldBeNull();
            Store(core).WhileUndoing().ShouldBeNull();
        }
        using var again = Store(core).WhileRunning().ShouldNotBeNull();
    }

    private static IncomingActivity Case(string id, string person = "greta") => new(
        "desk", ActivityId.Of(id), "case", person, null, Now.AddHours(-3).ToUnixTimeMilliseconds(), [new("talk", new Amount(5_000))], []);

    private static ImportStore Store(CoreFixture core) => ActivatorUtilities.CreateInstance<ImportStore>(core.Services);

    private static long Begin(CoreFixture core) => Store(core).Begin("desk", new("desk.yaml", 0, ""), [new("cases.csv", 0, "")], "ada");

    private static Task<IReadOnlyList<ItemResult>> Import(CoreFixture core, long run, params IReadOnlyList<IncomingActivity> activities) =>
        core.Take([.. activities.Select(a => a with { Import = run })]);

    private static RecordedImport Undo(
        CoreFixture core, long run, Action<long>? progress = null, CancellationToken cancel = default, int chunk = UndoImport.Chunk) =>
        ActivatorUtilities.CreateInstance<UndoImport>(core.Services, Store(core))
            .Run(Store(core).Find(run)!, Actor.CommandLine, progress ?? (_ => { }), cancel, chunk);

    private static (long Holding, long Flagged) Awards(CoreFixture core) => (
        Scalar(core, "SELECT count(*) FROM award WHERE flagged_at IS NULL"),
        Scalar(core, "SELECT count(*) FROM award WHERE flagged_at > 0"));

    private static List<string> Ids(CoreFixture core)
    {
        using var connection = core.Database.Read();
        return [.. connection.Query<byte[]>("SELECT id FROM activity").Select(id => ActivityId.FromBytes(id).ToString())
            .Order(StringComparer.Ordinal)];
    }

    private static long Scalar(CoreFixture core, string sql)
    {
        using var connection = core.Database.Read();
        return connection.ExecuteScalar<long>(sql);
    }

    private static void Verify(CoreFixture core)
    {
        core.Settle();
        var differences = new List<string>();
        ActivatorUtilities.CreateInstance<Verification>(core.Services).Run(d => differences.Add(d.ToString()), CancellationToken.None);
        differences.ShouldBeEmpty();
    }
}
