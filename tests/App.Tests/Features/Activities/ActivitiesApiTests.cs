using Laurel.App.Features.Achievements.Catalogue;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Platform.Http;
using Laurel.App.Tests.Platform;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;

namespace Laurel.App.Tests.Features.Activities;

/// <summary>What the door answers over HTTP, on a desk with the person avi and two types of activity.</summary>
public sealed class ActivitiesApiTests : IAsyncLifetime
{
    private const string Address = "/api/v1/activities";
    private LaurelApp app = null!;
    private HttpClient client = null!;

    public async Task InitializeAsync()
    {
        app = await LaurelApp.StartEmpty();
        SmallDesk.Open(app);
        client = app.WithKey("activities:write");
    }

    public async Task DisposeAsync() => await app.DisposeAsync();

    private static string Event(string id, string person = "avi", string type = "call-answered") =>
        $"{{\"specversion\":\"1.0\",\"id\":\"{id}\",\"source\":\"desk\",\"type\":\"{type}\","
        + $"\"time\":\"2026-03-02T09:30:00Z\",\"data\":{{\"person\":\"{person}\"}}}}";

    private static string Lines(int count, int from = 0) =>
        string.Join('\n', Enumerable.Range(from, count).Select(i => Event($"e-{i}")));

    private Task<HttpResponseMessage> Post(string body, string type = "application/json") => Post(Encoding.UTF8.GetBytes(body), type);

    private async Task<HttpResponseMessage> Post(byte[] body, string type, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        change?.Invoke(request);
        return await client.SendAsync(request);
    }

    private static async Task<DeliveryAnswer> Answered(HttpResponseMessage response)
    {
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (await response.Content.ReadFromJsonAsync<DeliveryAnswer>())!;
    }

    private static async Task<JsonElement> Problem(HttpResponseMessage response, HttpStatusCode status, string kind)
    {
        response.StatusCode.ShouldBe(status);
        response.Content.Headers.ContentType!.MediaType.ShouldBe(Problems.ContentType);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("type").GetString().ShouldBe($"urn:laurel:problem:{kind}");
        problem.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
        return problem;
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/cloudevents+json; charset=UTF-8")]
    public async Task Post_one_event_is_accepted(string type)
    {
        var answer = await Answered(await Post(Event("e-1"), type));

        answer.Results.ShouldBe([new(0, "e-1", "accepted", null)]);
        (answer.Accepted, answer.Duplicate, answer.Held, answer.Rejected).ShouldBe((1, 0, 0, 0));
        SmallDesk.Taken(app).ShouldBe(1);
    }

    [Fact]
    public async Task Post_one_event_again_is_a_duplicate()
    {
        await Post(Event("e-1"));

        (await Answered(await Post(Event("e-1")))).Results.ShouldBe([new(0, "e-1", "duplicate", null)]);
    }

    [Fact]
    public async Task Post_one_event_that_is_held_says_why() =>
        (await Answered(await Post(Event("e-1", "nobody")))).Results.ShouldBe([new(0, "e-1", "held", "person 'nobody' is not known yet")]);

    [Theory]
    [InlineData("""{"specversion":"1.0","id":"e-1"}""", "source is missing")]
    [InlineData("5", "the event must be a JSON object")]
    public async Task Post_one_event_that_breaks_a_rule_is_422_with_the_reason(string body, string reason)
    {
        var problem = await Problem(await Post(body), HttpStatusCode.UnprocessableEntity, "activity-rejected");

        problem.GetProperty("reason").GetString().ShouldBe(reason);
        problem.GetProperty("outcome").GetString().ShouldBe("rejected");
        problem.GetProperty("detail").GetString().ShouldBe($"{reason}. Mend it and send it again.");
        SmallDesk.Taken(app).ShouldBe(0);
    }

    [Fact]
    public async Task Post_one_event_that_conflicts_gives_one_advice()
    {
        await Post(Event("e-1"));
        var problem = await Problem(await Post(Event("e-1", "nobody")), HttpStatusCode.UnprocessableEntity, "activity-rejected");
        problem.GetProperty("detail").GetString().ShouldBe(
            "conflict: this identity and version came before with other content; send a higher version to correct it.");
    }

    [Fact]
    public async Task Post_one_event_that_the_intake_rejects_is_422_with_its_id() =>
        (await Problem(await Post(Event("e-1", type: "sale")), HttpStatusCode.UnprocessableEntity, "activity-rejected"))
            .GetProperty("id").GetString().ShouldBe("e-1");

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/cloudevents-batch+json")]
    public async Task Post_batch_answers_each_item_in_order(string type)
    {
        var answer = await Answered(await Post(
            $"[{Event("e-1")},{Event("e-1")},7,{Event("e-2", "nobody")},{Event("e-3", type: "sale")},"
            + $"{{\"id\":\"e-4\",\"source\":[[1]]}},{Event("e-5")}]", type));

        answer.Results.ShouldBe(
        [
            new(0, "e-1", "accepted", null),
            new(1, "e-1", "duplicate", null),
            new(2, null, "rejected", "the event must be a JSON object"),
            new(3, "e-2", "held", "person 'nobody' is not known yet"),
            new(4, "e-3", "rejected", "type 'sale' is not declared"),
            new(5, "e-4", "rejected", "source must be text"),
            new(6, "e-5", "accepted", null),
        ]);
        (answer.Accepted, answer.Duplicate, answer.Held, answer.Rejected).ShouldBe((2, 1, 1, 3));
        SmallDesk.Taken(app).ShouldBe(2);
    }

    [Fact]
    public async Task Post_batch_of_one_rejected_item_is_200() => (await Answered(await Post("[{}]"))).Rejected.ShouldBe(1);

    [Fact]
    public async Task Post_empty_batch_is_200_without_results() => (await Answered(await Post("[]"))).Results.ShouldBeEmpty();

    [Theory]
    [InlineData("", "application/json")]
    [InlineData("[", "application/json")]
    [InlineData("[{},]", "application/json")]
    [InlineData("[{}] x", "application/json")]
    [InlineData("{} {}", "application/json")]
    [InlineData("[]", "application/cloudevents+json")]
    [InlineData("{}", "application/cloudevents-batch+json")]
    public async Task Post_body_that_is_not_well_formed_is_400(string body, string type) =>
        await Problem(await Post(body, type), HttpStatusCode.BadRequest, "not-well-formed");

    [Fact]
    public async Task Post_array_that_breaks_off_takes_nothing()
    {
        var problem = await Problem(await Post($"[{Event("e-1")},\n{Event("e-2")},{{"), HttpStatusCode.BadRequest, "not-well-formed");

        problem.GetProperty("detail").GetString().ShouldStartWith("It is no JSON from line 2, byte ");
        SmallDesk.Taken(app).ShouldBe(0);
    }

    [Fact]
    public async Task Post_bytes_that_are_not_utf8_are_400()
    {
        foreach (byte[] body in new byte[][] { Encoding.Unicode.GetBytes(Event("e-1")), [.. "{\"id\":\""u8, 0xFF, .. "\"}"u8] })
            await Problem(await Post(body, "application/json"), HttpStatusCode.BadRequest, "not-well-formed");
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/x-ndjson")]
    public async Task Post_with_a_byte_order_mark_is_taken(string type) =>
        (await Answered(await Post("\uFEFF" + Event("e-1"), type))).Accepted.ShouldBe(1);

    [Theory]
    [InlineData("application/x-ndjson")]
    [InlineData("application/ndjson")]
    public async Task Post_lines_are_judged_one_by_one(string type)
    {
        var answer = await Answered(await Post($"\n{Event("e-1")}\r\n  \n{{broken\n[]\n{Event("e-2", "nobody")}\n\n{Event("e-1")}", type));

        answer.Results.Select(item => (item.Index, item.Line, item.Id, item.Outcome)).ShouldBe(
        [
            (0, 2, "e-1", "accepted"), (1, 4, null, "rejected"), (2, 5, null, "rejected"), (3, 6, "e-2", "held"),
            (4, 8, "e-1", "duplicate"),
        ]);
        answer.Results[1].Reason.ShouldBe("is not well-formed JSON at byte 1");
    }

    [Fact]
    public async Task Post_a_line_that_is_not_utf8_or_too_long_is_rejected_alone()
    {
        var answer = await Answered(await Post(
            [.. Encoding.UTF8.GetBytes(Event("e-1")), (byte)'\n', 0xFF, (byte)'\n',
             .. Encoding.UTF8.GetBytes(new string(' ', 3 << 20) + Event("e-2") + "\n" + Event("e-3") + "\n" + new string('x', 2 << 20))],
            "application/x-ndjson"));

        answer.Results.Select(item => (item.Outcome, item.Reason)).ShouldBe(
        [
            ("accepted", null), ("rejected", "is not UTF-8"), ("rejected", "the line is longer than 1 MB"), ("accepted", null),
            ("rejected", "the line is longer than 1 MB"),
        ]);
    }

    [Fact]
    public async Task Post_more_lines_than_are_handed_in_at_once_are_answered_in_order()
    {
        var answer = await Answered(await Post(Lines(2500), "application/x-ndjson"));

        (answer.Accepted, SmallDesk.Taken(app)).ShouldBe((2500, 2500));
        answer.Results.Select(item => item.Index).ShouldBe(Enumerable.Range(0, 2500));
    }

    [Fact]
    public async Task Post_binary_mode_takes_attributes_from_headers()
    {
        var response = await Post("""{"person":"avi","measures":{"talk":1.5}}"""u8.ToArray(), "application/json", request =>
        {
            foreach (var (name, value) in new[]
            {
                ("ce-specversion", "1.0"), ("ce-id", "e%201"), ("ce-source", "desk/%C4%97"), ("ce-type", "call-answered"),
                ("CE-Time", "2026-03-02T09:30:00Z"), ("ce-subject", "call-1"), ("ce-version", "2"), ("ce-void", "false"), ("ce-other", "x"),
            })
                request.Headers.Add(name, value);
        });

        (await Answered(response)).Results.ShouldBe([new(0, "e 1", "accepted", null)]);
        using var connection = app.Database.Read();
        var kept = ActivityStore.Find(connection, connection.ExecuteScalar<long>("SELECT key FROM activity")).ShouldNotBeNull();
        (kept.Source, kept.Id, kept.Type).ShouldBe(("desk/ė", ActivityId.Of("call-1"), "call-answered"));
        kept.Body.Measures.ShouldBe([new("talk", new Amount(1500))]);
    }

    [Theory]
    [InlineData("ce-version", "two", "version must be a whole number from 1 up")]
    [InlineData("ce-void", "yes", "void must be true or false")]
    [InlineData("ce-subject", "a%00b", "subject holds a NUL character")]
    [InlineData("ce-data", "x", "data must be a JSON object")]
    public async Task Post_binary_mode_follows_the_same_rules(string header, string value, string reason)
    {
        var response = await Post([], "application/json", request =>
        {
            foreach (var (name, text) in new[]
            {
                ("ce-specversion", "1.0"), ("ce-id", "e-1"), ("ce-source", "desk"), ("ce-type", "call"),
                ("ce-time", "2026-03-02T09:30:00Z"),
            })
                request.Headers.Add(name, text);
            request.Headers.Add(header, value);
        });

        (await Problem(response, HttpStatusCode.UnprocessableEntity, "activity-rejected"))
            .GetProperty("reason").GetString().ShouldBe(reason);
    }

    [Fact]
    public async Task Post_binary_mode_with_broken_data_is_400() => await Problem(
        await Post("{]"u8.ToArray(), "application/json", request => request.Headers.Add("ce-specversion", "1.0")),
        HttpStatusCode.BadRequest, "not-well-formed");

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/json; charset=iso-8859-1")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task Post_another_kind_of_body_is_415(string type) =>
        await Problem(await Post(Event("e-1"), type), HttpStatusCode.UnsupportedMediaType, "unsupported-media");

    [Fact]
    public async Task Post_packed_in_another_way_is_415() => await Problem(
        await Post([1, 2], "application/json", request => request.Content!.Headers.ContentEncoding.Add("br")),
        HttpStatusCode.UnsupportedMediaType, "unsupported-media");

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/x-ndjson")]
    public async Task Post_gzip_is_unpacked(string type)
    {
        var response = await Post(Gzip(Encoding.UTF8.GetBytes(Event("e-1"))), type, Packed);

        (await Answered(response)).Accepted.ShouldBe(1);
    }

    [Fact]
    public async Task Post_gzip_that_is_none_or_breaks_off_is_400()
    {
        await Problem(await Post("no gzip"u8.ToArray(), "application/json", Packed), HttpStatusCode.BadRequest, "not-well-formed");
        await Problem(await Post(Gzip(Encoding.UTF8.GetBytes($"[{Event("e-1")}]"))[..^20], "application/json", Packed),
            HttpStatusCode.BadRequest, "not-well-formed");
        SmallDesk.Taken(app).ShouldBe(0);
    }

    [Fact]
    public async Task Post_gzip_that_is_enormous_inside_is_413()
    {
        var bomb = Gzip(new byte[200 << 20]);
        bomb.Length.ShouldBeLessThan(1 << 20);

        await Problem(await Post(bomb, "application/json", Packed), HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    [Fact]
    public async Task Post_body_over_16_mb_is_413_announced_or_not()
    {
        var body = Encoding.UTF8.GetBytes(new string(' ', (16 << 20) - 1) + "[]");

        await Problem(await Post(body, "application/json", request => request.Headers.ExpectContinue = true),
            HttpStatusCode.RequestEntityTooLarge, "too-large");
        await Problem(await Post(body, "application/json", request => request.Headers.TransferEncodingChunked = true),
            HttpStatusCode.RequestEntityTooLarge, "too-large");
        (await Post(body[1..], "application/json")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Post_array_of_more_than_10000_items_is_413_and_takes_nothing()
    {
        var problem = await Problem(await Post($"[{string.Join(',', Enumerable.Repeat("{}", 10_001))}]"),
            HttpStatusCode.RequestEntityTooLarge, "too-large");

        problem.GetProperty("taken").GetInt32().ShouldBe(0);
        (await Answered(await Post($"[{string.Join(',', Enumerable.Repeat("{}", 10_000))}]"))).Rejected.ShouldBe(10_000);
    }

    [Fact]
    public async Task Post_more_than_10000_lines_is_413_and_says_how_many_were_taken()
    {
        var problem = await Problem(await Post(Lines(10_001), "application/x-ndjson"), HttpStatusCode.RequestEntityTooLarge, "too-large");

        (problem.GetProperty("taken").GetInt32(), SmallDesk.Taken(app)).ShouldBe((10_000, 10_000));
    }

    [Fact]
    public async Task Post_more_than_10000_lines_tells_what_became_of_each_that_was_judged()
    {
        var problem = await Problem(
            await Post("no json\n" + Lines(10_000), "application/x-ndjson"), HttpStatusCode.RequestEntityTooLarge, "too-large");

        var results = problem.GetProperty("results").EnumerateArray().ToList();
        (results.Count, problem.GetProperty("taken").GetInt32()).ShouldBe((10_000, 10_000));
        results[0].GetProperty("outcome").GetString().ShouldBe("rejected");
        results[0].GetProperty("line").GetInt32().ShouldBe(1);
        results[0].GetProperty("reason").GetString().ShouldNotBeNullOrEmpty();
        results[^1].ToString().ShouldBe("""{"index":9999,"id":"e-9998","outcome":"accepted","line":10000}""");
        (problem.GetProperty("accepted").GetInt32(), problem.GetProperty("rejected").GetInt32()).ShouldBe((9_999, 1));
        problem.GetProperty("detail").GetString()!.ShouldContain("`results`");
    }

    [Fact]
    public async Task Post_lines_that_break_off_tells_what_became_of_those_before()
    {
        var packed = Gzip(Encoding.UTF8.GetBytes("no json\n" + Lines(3_000)));
        var problem = await Problem(await Post(packed[..(packed.Length * 3 / 4)], "application/x-ndjson", Packed),
            HttpStatusCode.BadRequest, "not-well-formed");

        var taken = problem.GetProperty("taken").GetInt32();
        taken.ShouldBeInRange(1_000, 2_999);
        problem.GetProperty("results").GetArrayLength().ShouldBe(taken);
        problem.GetProperty("results")[0].GetProperty("line").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Post_one_that_is_rejected_has_one_answer_and_no_list() =>
        (await Problem(await Post(Event("e-1", type: "unheard")), HttpStatusCode.UnprocessableEntity, "activity-rejected"))
            .TryGetProperty("results", out _).ShouldBeFalse();

    [Fact]
    public async Task Post_to_a_full_intake_is_503_with_retry_after_and_takes_nothing()
    {
        using var free = new ManualResetEventSlim();
        var written = new TaskCompletionSource();
        var busy = Task.Run(() => app.Database.Write((_, _) =>
        {
            written.SetResult();
            free.Wait();
        }));
        await written.Task;

        var posts = Enumerable.Range(0, 6).Select(i => Post($"[{Lines(9_000, i * 9_000).Replace('\n', ',')}]")).ToList();
        var refused = await await Task.WhenAny(posts);
        free.Set();
        await busy;

        (await Problem(refused, HttpStatusCode.ServiceUnavailable, "busy")).GetProperty("taken").GetInt32().ShouldBe(0);
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        (await Task.WhenAll(posts)).Count(response => response.StatusCode == HttpStatusCode.OK).ShouldBe(5);
        SmallDesk.Taken(app).ShouldBe(45_000);
    }

    [Fact]
    public async Task Post_while_the_database_cannot_be_written_is_503_until_it_can()
    {
        app.Database.Write((connection, transaction) =>
            connection.Execute("ALTER TABLE activity RENAME TO gone", transaction: transaction));

        var response = await Post(Event("e-1"));

        await Problem(response, HttpStatusCode.ServiceUnavailable, "unavailable");
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
        app.Database.Write((connection, transaction) =>
            connection.Execute("ALTER TABLE gone RENAME TO activity", transaction: transaction));
        (await Answered(await Post(Event("e-1")))).Accepted.ShouldBe(1);
    }

    [Fact]
    public async Task Put_to_the_door_is_405_and_an_unknown_address_404_as_problems()
    {
        await Problem(await client.PutAsync(Address, null), HttpStatusCode.MethodNotAllowed, "wrong-method");
        await Problem(await client.GetAsync("/api/v1/nothing"), HttpStatusCode.NotFound, "no-such-address");
    }

    [Fact]
    public async Task Types_lists_what_may_be_sent()
    {
        var types = (await client.GetFromJsonAsync<ActivityTypesAnswer>($"{Address}/types"))!.Types;

        types.Where(type => !DeclareOwnTypes.Ids.Contains(type.Id)).Select(type => (type.Id, type.NeedsPerson))
            .ShouldBe([("call-answered", true), ("ticket", false)]);
        DeclareOwnTypes.Ids.ShouldAllBe(own => types.Any(type => type.Id == own));
        var call = types.Single(type => type.Id == "call-answered");
        call.Name["en"].ShouldBe("call-answered");
        call.Measures.ShouldBe([new("talk", "seconds", false), new("wait", "seconds", true)]);
        call.Labels.ShouldBe(["kind"]);
    }

    [Fact]
    public async Task Description_shows_the_door_with_examples_that_are_taken()
    {
        var description = await client.GetFromJsonAsync<JsonElement>(ApiDescription.Address);

        var post = description.GetProperty("paths").GetProperty(Address).GetProperty("post");
        post.GetProperty("responses").EnumerateObject().Select(response => response.Name)
            .ShouldBe(["200", "400", "408", "413", "415", "422", "503"], ignoreOrder: true);
        var content = post.GetProperty("requestBody").GetProperty("content");
        var examples = content.GetProperty("application/cloudevents+json").GetProperty("examples");
        foreach (var example in examples.EnumerateObject())
            (await Answered(await Post(example.Value.GetProperty("value").GetRawText()))).Accepted.ShouldBe(1);
        foreach (var form in content.EnumerateObject().Where(form => form.Value.TryGetProperty("example", out _)))
        {
            var example = form.Value.GetProperty("example");
            var body = example.ValueKind == JsonValueKind.String ? example.GetString()! : example.GetRawText();
            (await Answered(await Post(body, form.Name))).Rejected.ShouldBe(0);
        }
    }

    private static void Packed(HttpRequestMessage request) => request.Content!.Headers.ContentEncoding.Add("gzip");

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal)) gzip.Write(bytes);
        return packed.ToArray();
    }
}
