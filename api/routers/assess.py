"""``/v1/assess``: a patient. What is sent is neither stored nor logged, and answers are not cached."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api.routers.common import knowledge_of
from api.schemas import AssessmentOut
from kg.assess.document import parse_document

router = APIRouter(prefix="/v1", tags=["assess"])

EXAMPLE: dict[str, Any] = {
    "as_of": "2026-01-15",
    "patient": {"birth_date": "1980-05-01", "weight_kg": 70, "pregnant": False},
    "exposures": [
        {
            "therapy": "rituximab",
            "dose": "1000 mg",
            "route": "intravenous",
            "start": "2025-03-01",
            "stop": "2025-03-15",
            "last_dose": "2025-03-15",
            "indication": "rheumatoid arthritis",
        }
    ],
    "conditions": [{"condition": "HIV infection", "measurements": {"cd4_per_uL": 150}}],
    "vaccines": ["MMR", "varicella", "inactivated influenza"],
}
_BODY = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object", "required": ["as_of"]}, "example": EXAMPLE}}}
}


@router.post(
    "/assess",
    response_model=AssessmentOut,
    response_model_exclude_unset=True,
    summary="Assess a patient: status, attribution, vaccines, precautions",
    openapi_extra=_BODY,
)
async def assess(request: Request) -> Response:
    """The assessment of the patient in the body; only ``as_of`` is required."""
    knowledge = knowledge_of(request)
    policy = knowledge.assessor.policy
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > policy.largest_document:
            break
    document = parse_document(bytes(body), policy)
    found = await asyncio.to_thread(lambda: knowledge.assess(document).to_dict())
    return JSONResponse(found, headers={"Cache-Control": "no-store"})
