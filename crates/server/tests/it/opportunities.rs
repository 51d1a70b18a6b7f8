//! From a supplier's file to a draft in the shop, over HTTP and a sandbox shop.

use crate::support::{Client, sandbox, server, until};
use domain::people::Role;
use reqwest::Method;
use serde_json::{Value, json};

const LIST: &str = "\
Product ID,Supplier,Title,Variant SKU,You Pay,Currency,In Stock,Shipping Cost,Shipping Time,Ships To,Suggested Price,Rating
L-1,Acme,Desk Lamp,L-1-A,8.00,USD,1,0.00,2-4,,40.00,4.8
L-2,Acme,Mug,L-2-A,1.20-3.50,USD,0,2.00,5-9,US,12.00,4.8
L-3,Zeta,Bowl,L-3-A,9.00,USD,,3.00,20-40,US,10.00,3.0
L-4,Zeta,desk lamp,L-4-A,7.00,USD,null,0.00,12-50,,40.00,
";

async fn answered(client: &Client, method: Method, path: &str, body: &Value) -> (u16, Value) {
    let response = client
        .request(method, path)
        .json(body)
        .send()
        .await
        .unwrap();
    let status = response.status().as_u16();
    (status, response.json().await.unwrap_or(Value::Null))
}

async fn done(client: &Client, method: Method, path: &str, body: &Value) -> Value {
    let (status, answer) = answered(client, method, path, body).await;
    assert!((200..300).contains(&status), "{path}: {status} {answer}");
    answer
}

async fn reaches(owner: &Client, import: &str, status: &str) -> Value {
    until(|| async {
        let import = owner.read(import).await;
        assert_ne!(import["status"], "failed", "{import}");
        (import["status"] == status).then_some(import)
    })
    .await
}

/// Uploads, answers what is asked, checks and imports.
async fn import(owner: &Client, store: &str, csv: &str) -> Value {
    let path = format!("/v1/imports?name=offers.csv&store_id={store}");
    let request = owner.request(Method::POST, &path);
    let request = request.header("content-type", "text/csv");
    let answer = request.body(csv.to_owned()).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    let made: Value = answer.json().await.unwrap();
    let import = format!("/v1/imports/{}", made["id"].as_str().unwrap());
    done(owner, Method::POST, &format!("{import}/check"), &json!({})).await;
    let checked = reaches(owner, &import, "checked").await;
    let asked = checked["report"]["questions"].as_array().unwrap();
    let asked: Vec<_> = asked.iter().map(|q| q["key"].clone()).collect();
    assert_eq!(asked, ["platform", "snapshot"]);
    let mut mapping = owner.read(&format!("{import}/mapping")).await;
    assert_eq!(mapping["kind"], "supplier_offers");
    mapping["answers"] = json!({ "platform": "spocket", "snapshot": "part" });
    done(owner, Method::PUT, &format!("{import}/mapping"), &mapping).await;
    let preview = owner.read(&format!("{import}/preview")).await;
    assert_eq!(
        preview["things"][1]["text"], "Mug · costs 1.2 to 3.5 USD · out of stock",
        "{preview}"
    );
    done(owner, Method::POST, &format!("{import}/check"), &json!({})).await;
    reaches(owner, &import, "checked").await;
    done(owner, Method::POST, &format!("{import}/start"), &json!({})).await;
    reaches(owner, &import, "done").await
}

/// Three opportunities from four offers; answers the id of one of the offers.
pub(crate) async fn catalogue(owner: &Client, store: &str) -> String {
    import(owner, store, LIST).await;
    let offers = owner.read("/v1/supplier-products?q=l-1").await;
    let id = &offers["supplier_products"][0]["id"];
    id.as_str().unwrap().to_owned()
}

fn titles(list: &Value) -> Vec<&str> {
    let all = list["opportunities"].as_array().unwrap();
    all.iter().map(|o| o["title"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_a_supplier_becomes_a_draft_that_waits_for_approval() {
    let sandbox = sandbox(60).await;
    let server = server(&[("SANDBOX_URL", sandbox.base_url.as_str())]).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    let stores = owner.read("/v1/stores").await;
    let store = stores["stores"][0]["id"].as_str().unwrap().to_owned();
    let before = owner.read("/v1/metrics").await;
    assert_eq!(before["total_opportunities"], Value::Null);
    assert_eq!(
        before["unavailable"]["total_opportunities"],
        "no supplier's catalogue was imported yet"
    );
    let offer = catalogue(&owner, &store).await;

    let offers = owner
        .read("/v1/supplier-products?platform=spocket&supplier=ZETA")
        .await;
    assert_eq!(offers["total"], 2, "{offers}");
    assert_eq!(
        owner.read("/v1/supplier-products?platform=autods").await["total"],
        0
    );
    let detail = owner.read(&format!("/v1/supplier-products/{offer}")).await;
    let variant = &detail["supplier_product"]["variants"][0];
    assert_eq!(
        variant["cost"],
        json!({ "low": "8.00", "high": "8.00", "currency": "USD" })
    );
    assert_eq!(
        (&variant["presence"], &variant["quantity"]),
        (&json!("in"), &Value::Null)
    );
    let history = &detail["price_history"];
    assert_eq!(history[0]["confidence"], "stated");
    assert!(history[0]["source"].as_str().unwrap().starts_with("file:"));
    let platforms = owner.read("/v1/supplier-platforms").await;
    let spocket = &platforms["platforms"][1];
    assert_eq!(
        (&spocket["stock"], &spocket["place_order"]),
        (&json!("file_yes_or_no"), &json!("delegated"))
    );

    let list = owner.read("/v1/opportunities").await;
    assert_eq!(list["total"], 3, "two offers of one lamp: {list}");
    let all = titles(&list);
    assert_eq!(all.len(), 3);
    let lamp = owner.read("/v1/opportunities?supplier=acme&limit=1").await;
    assert!(lamp["next_cursor"].is_string());
    let find = async |title: &str| {
        let list = owner.read("/v1/opportunities").await;
        let all = list["opportunities"].as_array().unwrap().clone();
        all.into_iter()
            .find(|o| o["title"].as_str().unwrap().eq_ignore_ascii_case(title))
            .unwrap()
    };
    let lamp = find("desk lamp").await;
    let leads = lamp["supplier_leads"].as_array().unwrap();
    assert_eq!(leads.len(), 2);
    assert_eq!(
        leads[0]["supplier"], "Zeta",
        "the cheaper one first: {leads:?}"
    );
    assert_eq!(lamp["platform"], "spocket");
    assert_eq!(lamp["landed_cost"]["product"]["value"], "7.00");
    assert_eq!(lamp["landed_cost"]["ad_cost"]["value"], Value::Null);
    assert_eq!(
        lamp["landed_cost"]["ad_cost"]["reason"],
        "no ad spend of the last 30 days is connected or imported"
    );
    assert_eq!(
        lamp["unavailable"]["trend_score"],
        "no source of trends is connected"
    );
    let factors = lamp["factors"].as_array().unwrap();
    assert_eq!(factors.len(), 5);
    assert_eq!(
        (&factors[1]["points"], &factors[1]["reason"]),
        (&Value::Null, &json!("no source of trends is connected"))
    );
    assert!(
        factors[0]["points"].is_i64() && factors[0]["source"].is_string(),
        "{factors:?}"
    );

    for (filter, count) in [
        ("ships_to=US", 3),
        ("ships_to=de", 1),
        ("supplier=zeta", 2),
        ("status=proposed", 3),
        ("status=approved", 0),
        ("score=100", 0),
        ("margin=0", 3),
    ] {
        let list = owner.read(&format!("/v1/opportunities?{filter}")).await;
        // Own margins say what the price is; a bowl may be sold at a loss.
        let most = list["total"].as_u64().unwrap();
        assert!(
            most == count || (filter == "margin=0" && most < count),
            "{filter}: {list}"
        );
    }
    for wrong in ["score=101", "ships_to=Atlantis", "limit=0", "cursor=x"] {
        let path = format!("/v1/opportunities?{wrong}");
        let (status, _) = answered(&owner, Method::GET, &path, &json!({})).await;
        assert_eq!(status, 400, "{wrong}");
    }

    let of = |o: &Value| format!("/v1/opportunities/{}", o["id"].as_str().unwrap());
    let viewer = server.script(Role::Viewer).await;
    let (mug, bowl) = (find("mug").await, find("bowl").await);
    let no = json!({ "version": 0, "reason": "Too heavy" });
    let (status, _) = answered(&viewer, Method::POST, &format!("{}/reject", of(&bowl)), &no).await;
    assert_eq!(status, 403);
    let rejected = done(&owner, Method::POST, &format!("{}/reject", of(&bowl)), &no).await;
    assert_eq!(rejected["decision"]["reason"], "Too heavy");
    let again = answered(&owner, Method::POST, &format!("{}/reject", of(&bowl)), &no).await;
    assert_eq!(again.0, 409);
    let later = json!({ "version": 0, "until": "2001-01-01T00:00:00Z" });
    let (status, problem) = answered(
        &owner,
        Method::POST,
        &format!("{}/snooze", of(&mug)),
        &later,
    )
    .await;
    assert_eq!(
        (status, &problem["errors"][0]["field"]),
        (422, &json!("until"))
    );
    let yes = json!({ "version": 0 });
    let (status, problem) =
        answered(&owner, Method::POST, &format!("{}/approve", of(&mug)), &yes).await;
    assert_eq!(
        (status, &problem["errors"][0]["field"]),
        (422, &json!("variants")),
        "a range"
    );

    let yes = json!({ "version": 0, "price": "34.50" });
    let approved = done(
        &owner,
        Method::POST,
        &format!("{}/approve", of(&lamp)),
        &yes,
    )
    .await;
    assert_eq!(approved["status"], "approved");
    let set = approved["decision"]["change_set_id"].as_str().unwrap();
    let set = owner.read(&format!("/v1/change-sets/{set}")).await;
    assert_eq!(set["status"], "proposed", "{set}");
    assert!(set.to_string().contains("34.50"), "{set}");
    let metrics = owner.read("/v1/metrics").await;
    assert_eq!(
        (
            &metrics["total_opportunities"],
            &metrics["approved_products"]
        ),
        (&json!(1), &json!(1))
    );
    assert_eq!(metrics["daily_discoveries"], 3);

    let mut settings = owner.read("/v1/opportunity-settings").await;
    assert_eq!(
        (&settings["version"], &settings["weights"]["margin"]),
        (&json!(0), &json!(30))
    );
    for told in ["store_id", "updated_at", "updated_by"] {
        settings.as_object_mut().unwrap().remove(told);
    }
    settings["weights"]["margin"] = json!(55);
    let (status, _) = answered(&owner, Method::PUT, "/v1/opportunity-settings", &settings).await;
    assert_eq!(status, 422, "more than a whole");
    settings["weights"]["trend"] = json!(0);
    let set = done(&owner, Method::PUT, "/v1/opportunity-settings", &settings).await;
    assert_eq!(set["version"], 1);
    let scored = owner.read(&of(&lamp)).await;
    assert_eq!(
        (&scored["settings_version"], &scored["status"]),
        (&json!(1), &json!("approved"))
    );
    assert_eq!(scored["factors"][1]["weight"], 0);
    server.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn offers_are_taken_apart_by_people_and_what_research_knows_is_told_with_what_it_does_not() {
    let sandbox = sandbox(12).await;
    let server = server(&[("SANDBOX_URL", sandbox.base_url.as_str())]).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    let stores = owner.read("/v1/stores").await;
    let store = stores["stores"][0]["id"].as_str().unwrap().to_owned();
    catalogue(&owner, &store).await;
    let lamp = owner.read("/v1/opportunities").await;
    let all = lamp["opportunities"].as_array().unwrap();
    let lamp = all
        .iter()
        .find(|o| o["supplier_leads"].as_array().unwrap().len() == 2);
    let leads = lamp.unwrap()["supplier_leads"].clone();
    assert_eq!(leads[1]["same"][0]["by"], "title", "{leads}");
    let of = |n: usize| leads[n]["supplier_product_id"].clone();
    let said = json!({
        "product_id": of(1), "other_ids": [of(0)], "verdict": "different", "reason": "another size",
    });
    done(&owner, Method::POST, "/v1/supplier-matches", &said).await;
    assert_eq!(owner.read("/v1/opportunities").await["total"], 4);
    let matches = owner.read("/v1/supplier-matches").await;
    assert_eq!(matches["matches"][0]["reason"], "another size");
    let unknown = json!({ "product_id": of(1), "other_ids": [of(1)], "verdict": "same" });
    let (status, answer) = answered(&owner, Method::POST, "/v1/supplier-matches", &unknown).await;
    assert_eq!(
        (status, &answer["errors"][0]["field"]),
        (422, &json!("other_ids"))
    );
    let research = owner.read("/v1/opportunity-research").await;
    assert_eq!(research["run_id"], Value::Null);
    assert_eq!(research["hit_rate"]["rate"], Value::Null);
    let alerts = owner.read("/v1/supplier-alerts").await;
    assert_eq!(
        (&alerts["total"], &alerts["looked_at"]),
        (&json!(0), &json!(0))
    );
    let look = json!({ "text": "sku,supplier_external_id\nnobody,L-1\n" });
    let path = "/v1/supplier-mapping-file/preview";
    let report = done(&owner, Method::POST, path, &look).await;
    assert_eq!(report["refused"], 1);
    assert_eq!(report["rows"][0]["reason"], "no variant has this sku");
    let csv = owner
        .get("/v1/supplier-mapping-file")
        .await
        .text()
        .await
        .unwrap();
    assert!(csv.contains("variant_id,sku,title,supplier"), "{csv}");
}
