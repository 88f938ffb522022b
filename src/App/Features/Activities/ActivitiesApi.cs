using System.Text.Json;
using System.Text.Unicode;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Laurel.App.Features.Activities;

/// <summary>The HTTP door: POST /api/v1/activities takes CloudEvents 1.0.</summary>
public static class ActivitiesApi
{
    /// <summary>Bytes of a body, unpacked.</summary>
    public const int LargestBody = 16 << 20;
    public const int MostItems = 10_000;
    /// <summary>Lines that are handed in together while the rest still comes.</summary>
    private const int LinesAtOnce = 1000;

    private enum Form { Event, Batch, EventOrBatch, Lines, Binary }

    private const string TakenForms =
        "Send application/cloudevents+json, application/cloudevents-batch+json, application/json or application/x-ndjson in UTF-8.";

    public static void MapActivitiesApi(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/activities", Post)
            .RequiresPermission(Permissions.ActivitiesWrite)
            .WithMetadata(new LargestRequest())
            .WithName("takeActivities")
            .WithTags("Activities")
            .WithSummary("Take activities in")
            .WithDescription("One CloudEvent 1.0, a batch, or lines. Each item gets an answer of its own; accepted and held mean on disk.")
            .Produces<DeliveryAnswer>()
            .AddOpenApiOperationTransformer(ActivitiesDescription.Describe);

    private static async Task<IResult> Post(HttpContext http, Intake intake, BodyMemory memory)
    {
        if (intake.IsFull) return Problems.Busy(http, IntakeFull.Usually, taken: 0);
        if (FormOf(http.Request) is not { } form) return Problems.UnsupportedMedia(TakenForms);
        var delivery = new Delivery(intake);
        var answer = await Take(http, form, delivery, memory);
        // Of lines those before the end were judged, and what became of them is told also where the body as a whole came to nothing.
        return form == Form.Lines && delivery.Settled > 0 && answer is ProblemHttpResult problem ? With(problem, delivery) : answer;
    }

    private static async Task<IResult> Take(HttpContext http, Form form, Delivery delivery, BodyMemory memory)
    {
        var cancel = http.RequestAborted;
        try
        {
            using var body = RequestBody.Of(http.Request, LargestBody, memory);
            if (body is null) return Problems.UnsupportedMedia("Send the body as it is or with Content-Encoding: gzip.");
            if (form == Form.Lines) return await Lines(body, delivery, cancel);

            var text = await body.Whole(cancel);
            if (form == Form.Binary) text = BinaryMode.ToEvent(http.Request.Headers, text.Span);
            if (ReadAll(text.Span, form, delivery) is { } problem) return problem;
            await delivery.Settle(cancel);
            return form == Form.Batch || IsArray(text.Span) ? Answer(delivery) : AnswerToOne(delivery);
        }
        catch (JsonException broken)
        {
            return Problems.NotWellFormed($"It is no JSON from line {broken.LineNumber + 1}, byte {broken.BytePositionInLine} on.");
        }
        catch (InvalidDataException)
        {
            return Problems.Broken("What it holds is not gzip.", delivery.Settled);
        }
        catch (IntakeFull full)
        {
            return Problems.Busy(http, full.RetryAfter, delivery.Settled);
        }
        catch (IntakeUnavailable)
        {
            return Problems.Unavailable(http, delivery.Settled);
        }
        catch (BadHttpRequestException bad)
        {
            return bad.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge =>
                    Problems.TooLarge($"A body has at most {LargestBody >> 20} MB, unpacked.", delivery.Settled),
                StatusCodes.Status408RequestTimeout => Problems.TooSlow(delivery.Settled),
                _ => Problems.Broken("It ended too early.", delivery.Settled),
            };
        }
    }

    private static Form? FormOf(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)) return null;
        if (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)) return null;
        var binary = BinaryMode.IsUsedBy(request);
        return type.MediaType.Value?.ToLowerInvariant() switch
        {
            "application/cloudevents+json" => Form.Event,
            "application/cloudevents-batch+json" => Form.Batch,
            "application/json" => binary ? Form.Binary : Form.EventOrBatch,
            "application/x-ndjson" or "application/ndjson" => Form.Lines,
            _ => binary && type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase) ? Form.Binary : null,
        };
    }

    /// <summary>Reads the whole body before anything of it is taken; the problem that stands against all of it, if any.</summary>
    /// <exception cref="JsonException">The body is not well-formed.</exception>
    private static IResult? ReadAll(ReadOnlySpan<byte> text, Form form, Delivery delivery)
    {
        if (!Utf8.IsValid(text)) return Problems.NotWellFormed("It is not UTF-8.");
        var json = new Utf8JsonReader(text, CloudEventReader.Strict);
        json.Read();
        var reader = new CloudEventReader();
        var isArray = json.TokenType == JsonTokenType.StartArray;
        if (isArray && form is Form.Event)
            return Problems.NotWellFormed("It should be one event; a batch is application/cloudevents-batch+json.");
        if (!isArray && form is Form.Batch) return Problems.NotWellFormed("It should be a JSON array of events.");

        if (!isArray) delivery.Add(reader.Read(ref json));
        else
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                if (delivery.Count == MostItems) return Problems.TooLarge($"A body has at most {MostItems:N0} items.", taken: 0);
                delivery.Add(reader.Read(ref json));
            }
        json.Read(); // Whatever follows the end is an error.
        return null;
    }

    /// <summary>Each line stands for itself; what was read is handed in while the rest still comes.</summary>
    private static async Task<IResult> Lines(RequestBody body, Delivery delivery, CancellationToken cancel)
    {
        var reader = new CloudEventReader();
        var number = 0;
        await foreach (var line in body.Lines(cancel))
        {
            number++;
            if (line is { } text && text.Span.IndexOfAnyExcept(" \t\r"u8) < 0) continue;
            if (delivery.Count == MostItems)
            {
                await delivery.Settle(cancel);
                return Problems.TooLarge($"A body has at most {MostItems:N0} items.", delivery.Settled);
            }
            var read = line is null ? new(null, null, "the line is longer than 1 MB") : reader.ReadWhole(line.Value.Span);
            delivery.Add(read with { Line = number });
            if (delivery.Waiting == LinesAtOnce) await delivery.Settle(cancel);
        }
        await delivery.Settle(cancel);
        return Answer(delivery);
    }

    private static bool IsArray(ReadOnlySpan<byte> text) => text.TrimStart(" \t\r\n"u8).StartsWith("["u8);

    /// <summary>A problem with the answers that a body without it would have got.</summary>
    private static ProblemHttpResult With(ProblemHttpResult problem, Delivery delivery)
    {
        var (answer, members) = (delivery.ToAnswer(), problem.ProblemDetails.Extensions);
        (members["results"], members["accepted"], members["duplicate"]) = (answer.Results, answer.Accepted, answer.Duplicate);
        (members["held"], members["rejected"]) = (answer.Held, answer.Rejected);
        return problem;
    }

    private static IResult Answer(Delivery delivery) => TypedResults.Ok(delivery.ToAnswer());

    private static IResult AnswerToOne(Delivery delivery)
    {
        var answer = delivery.ToAnswer();
        return answer.Rejected == 0 ? TypedResults.Ok(answer) : Problems.Rejected(answer.Results[0].Id, answer.Results[0].Reason!);
    }

    private sealed class LargestRequest : Microsoft.AspNetCore.Http.Metadata.IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => LargestBody;
    }
}
